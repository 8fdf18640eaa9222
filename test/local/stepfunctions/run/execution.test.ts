import { expect, test } from 'vitest';
import { VirtualClock } from '#local/stepfunctions/index.ts';
import { create, definitionOf, eventOf, run, START, service, task } from '../../../worlds/local/run-machine.ts';

test("an execution that outlives the machine's TimeoutSeconds is TIMED_OUT", async () => {
  const { status, error, types, seconds } = await run(
    { Wait: { Type: 'Wait', Seconds: 100, End: true } },
    { machine: { TimeoutSeconds: 60 } },
  );
  expect([status, error, seconds]).toEqual(['TIMED_OUT', 'States.Timeout', 60]);
  expect(types).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionTimedOut']);
});

test('a machine that ends in time leaves no timer behind', async () => {
  const clock = new VirtualClock(START);
  await run({ A: { Type: 'Succeed' } }, { clock, machine: { TimeoutSeconds: 60 } });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(clock.now()).toEqual(START);
});

test('an execution stops at 25,000 events, the last of which tells why', async () => {
  const clock = new VirtualClock(START);
  const sfn = service({ clock });
  const loop = { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } };
  const { executionArn } = sfn.operations.StartExecution({ stateMachineArn: create(sfn, definitionOf(loop)) });
  const { status, error, cause } = await sfn.finished(executionArn);
  expect([status, error]).toEqual(['FAILED', 'States.Runtime']);
  expect(cause).toBe('The execution reached the maximum number of history events (25000).');
  const { events } = sfn.operations.GetExecutionHistory({ executionArn, reverseOrder: true, maxResults: 1 });
  expect(events).toMatchObject([{ id: 25_000, type: 'ExecutionFailed' }]);
});

test('event ids count from 1 and every event follows an earlier one', async () => {
  const { events } = await run({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Succeed' } });
  expect(events.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(events.map(({ previousEventId }) => previousEventId)).toEqual([0, 0, 2, 3, 4, 5]);
});

test('the first event carries input and role', async () => {
  const { events } = await run({ A: { Type: 'Succeed' } }, { input: { a: 1 } });
  expect(eventOf(events, 'ExecutionStarted')['executionStartedEventDetails']).toEqual({
    input: '{"a":1}',
    inputDetails: { truncated: false },
    roleArn: 'arn:aws:iam::000000000000:role/test',
  });
});

test('what aborted work does afterwards leaves no event', async () => {
  const clock = new VirtualClock(START);
  const sfn = service({ clock, invoke: () => clock.sleep(1000, new AbortController().signal) });
  const { executionArn } = sfn.operations.StartExecution({ stateMachineArn: create(sfn, definitionOf({ T: task() })) });
  await new Promise(setImmediate);
  sfn.operations.StopExecution({ executionArn });
  await clock.sleep(5000, new AbortController().signal);
  const { events } = sfn.operations.GetExecutionHistory({ executionArn });
  expect(events.at(-1)?.type).toBe('ExecutionAborted');
});

test('two runs of one machine in virtual time leave the same history', async () => {
  const states = {
    P: {
      Type: 'Parallel',
      Branches: [1, 2, 3].map((n) => ({
        StartAt: `W${n}`,
        States: { [`W${n}`]: { Type: 'Wait', Seconds: '{% $floor($random(7) * 10) %}', End: true } },
      })),
      End: true,
    },
  };
  const [first, second] = [await run(states), await run(states)];
  expect(first?.events).toEqual(second?.events);
});
