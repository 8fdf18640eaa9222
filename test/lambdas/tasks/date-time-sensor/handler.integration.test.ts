import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler } from '#tasks/date-time-sensor/handler.ts';
import { type Aws, openAws } from '../../../worlds/aws.ts';
import { eventOf, someRun } from '../../../worlds/events.ts';
import { describeFunction } from '../../../worlds/task-services.ts';

let aws: Aws;
beforeAll(async () => {
  aws = await openAws();
  describeFunction(aws);
});
afterAll(() => aws.close());

const inAnHour = () => new Date(Date.now() + 3_600_000);

test('an instant that has come is found, whatever its offset', async () => {
  expect(await handler(eventOf({ at: '2026-11-19T02:00:00+02:00' }))).toEqual({ at: '2026-11-19T00:00:00.000Z' });
});

test('an instant to come is not ready, and the message says how late it is', async () => {
  const at = inAnHour().toISOString();
  await expect(handler(eventOf({ at }))).rejects.toMatchObject({
    name: 'Sluice.NotReady',
    message: expect.stringMatching(new RegExp(`^It is \\S+Z, not ${at} yet\\.$`)),
  });
});

test('a duration counts from the end of the data interval', async () => {
  const run = { ...someRun(), dataInterval: { start: '2026-11-19T00:00:00Z', end: '2026-11-20T00:00:00Z' } };
  expect(await handler(eventOf({ after: '90m' }, { run }))).toEqual({ at: '2026-11-20T01:30:00.000Z' });
  const end = new Date(inAnHour().getTime() - 1_800_000).toISOString();
  const late = { ...someRun(), dataInterval: { start: '2026-11-19T00:00:00Z', end } };
  await expect(handler(eventOf({ after: '2h' }, { run: late }))).rejects.toMatchObject({ name: 'Sluice.NotReady' });
});

test.for([
  [{}, /expected one of 'at' and 'after'/],
  [{ at: '2026-11-19T00:00:00Z', after: '2h' }, /expected one of 'at' and 'after'/],
  [{ at: 'tomorrow' }, /at: Invalid ISO datetime/],
  [{ at: '2026-11-19T00:00:00' }, /at: Invalid ISO datetime/],
  [{ after: '2 hours' }, /after: /],
] as const)('%j is terminal', async ([input, message]) => {
  await expect(handler(eventOf(input))).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(message),
  });
});
