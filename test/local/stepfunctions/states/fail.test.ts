import { expect, test } from 'vitest';
import { eventOf, run } from '../../../worlds/local/run-machine.ts';

test('a Fail ends the execution with its evaluated Error and Cause', async () => {
  const { status, error, cause, events } = await run(
    { Broken: { Type: 'Fail', Error: '{% $states.input.name %}', Cause: 'always' } },
    { input: { name: 'Custom' } },
  );
  expect([status, error, cause]).toEqual(['FAILED', 'Custom', 'always']);
  expect(eventOf(events, 'ExecutionFailed')['executionFailedEventDetails']).toEqual({
    error: 'Custom',
    cause: 'always',
  });
});

test('a Fail may have neither Error nor Cause', async () => {
  const { error, cause, events } = await run({ Broken: { Type: 'Fail' } });
  expect([error, cause]).toEqual([undefined, undefined]);
  expect(eventOf(events, 'ExecutionFailed')['executionFailedEventDetails']).toEqual({});
});
