import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openServices, type Services } from '#lambdas/runtime/services.ts';
import type { Run } from '#lib/contract/envelope.ts';
import { runRecordKey } from '#lib/runs/keys.ts';
import type { RunRecord } from '#lib/runs/run-record.ts';
import { pipeline } from '#sluice';
import { handler } from '#tasks/pipeline-run-sensor/handler.ts';
import { type Aws, openAws } from '../../../worlds/aws.ts';
import { eventOf, someRun } from '../../../worlds/events.ts';
import { describeFunction } from '../../../worlds/task-services.ts';

let aws: Aws;
let services: Services;
beforeAll(async () => {
  aws = await openAws();
  describeFunction(aws);
  services = openServices();
});
afterAll(() => aws.close());

/** Another pipeline, with the record of one run. */
async function other(state: RunRecord['state'], run: Partial<Run> = {}): Promise<string> {
  const dagId = `other-${randomUUID()}`;
  const record: RunRecord = { ...someRun(), ...run, dagId, state, queuedAt: '2026-11-20T00:00:00Z', taskIds: [] };
  await services.store.create(runRecordKey(record), record);
  return dagId;
}
const look = (dagId: string, logicalDate?: string) => handler(eventOf({ pipeline: pipeline(dagId), logicalDate }));

test('a run of the same logical date that succeeded is found', async () => {
  expect(await look(await other('success'))).toEqual({
    runId: '20261119T000000Z',
    logicalDate: '2026-11-19T00:00:00Z',
    execution: someRun().execution,
  });
});

test('a run that has not begun, waits or runs is not ready, and the message says so', async () => {
  await expect(look('nobody')).rejects.toMatchObject({
    name: 'Sluice.NotReady',
    message: 'nobody has no run 20261119T000000Z yet.',
  });
  for (const state of ['queued', 'running'] as const) {
    const dagId = await other(state);
    await expect(look(dagId)).rejects.toMatchObject({
      name: 'Sluice.NotReady',
      message: `The run ${dagId} 2026-11-19T00:00:00Z is ${state}.`,
    });
  }
});

test('a run that failed is terminal at once, and named', async () => {
  const dagId = await other('failed');
  await expect(look(dagId)).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: `The run ${dagId} 2026-11-19T00:00:00Z failed (${someRun().execution}). Run it again, and this run after it.`,
  });
});

test('a run that will never be is terminal at the first look, with the nearest dates', async () => {
  const weekly = { schedule: '0 0 * * 0', timeZone: 'UTC', startDate: '2026-01-01' };
  const lookFor = (logicalDate?: string) =>
    handler(eventOf({ pipeline: { pipeline: 'weekly', runs: weekly }, logicalDate }));
  await expect(lookFor()).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message:
      "Waiting for a run of weekly: 2026-11-19T00:00:00Z is no logical date of the schedule '0 0 * * 0' (UTC): " +
      'the nearest are 2026-11-15T00:00:00Z and 2026-11-22T00:00:00Z. Give logicalDate a date that weekly has a run of.',
  });
  await expect(lookFor('2025-11-16')).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringContaining('its first logical date is 2026-01-01, its startDate.'),
  });
  await expect(lookFor('2026-11-15')).rejects.toMatchObject({ name: 'Sluice.NotReady' });
});

test('another logical date is a date in UTC or an instant', async () => {
  const dagId = await other('success', { runId: '20261118T060000Z', logicalDate: '2026-11-18T06:00:00Z' });
  expect(await look(dagId, '2026-11-18T08:00:00+02:00')).toMatchObject({ logicalDate: '2026-11-18T06:00:00Z' });
  await expect(look(dagId, '2026-11-18')).rejects.toThrow(/has no run 20261118T000000Z yet/);
  await expect(look(dagId, 'yesterday')).rejects.toMatchObject({ name: 'Sluice.Terminal' });
});
