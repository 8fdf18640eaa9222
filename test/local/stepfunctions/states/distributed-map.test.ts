import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type EndedExecution, type Invoke, VirtualClock } from '#local/stepfunctions/index.ts';
import { childrenOf, distributed, pass, processor } from '../../../worlds/local/distributed.ts';
import {
  create,
  definitionOf,
  eventOf,
  failing,
  run,
  START,
  service,
  task,
} from '../../../worlds/local/run-machine.ts';

test('each item is processed by an execution of its own, which the Map Run lists', async () => {
  const ended = await run(distributed(pass('{% $states.input * 2 %}')), { input: [1, 2, 3] });
  expect(ended.output).toEqual([2, 4, 6]);
  const { mapRunArn, children } = childrenOf(ended);
  expect(mapRunArn).toMatch(/^arn:aws:states:us-east-1:000000000000:mapRun:machine\/Rows:[0-9a-f-]{36}$/);
  expect(children).toHaveLength(3);
  const first = children.at(-1);
  expect(first).toMatchObject({ mapRunArn, itemCount: 1, status: 'SUCCEEDED' });
  expect(first?.stateMachineArn).toBe('arn:aws:states:us-east-1:000000000000:stateMachine:machine/Rows');
  const executionArn = String(first?.executionArn);
  expect(executionArn).toMatch(/:execution:machine\/Rows:[0-9a-f-]{36}$/);
  expect(ended.sfn.operations.DescribeExecution({ executionArn })).toMatchObject({
    input: '1',
    output: '2',
    mapRunArn,
  });
  expect(ended.sfn.operations.GetExecutionHistory({ executionArn }).events.map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    'PassStateEntered',
    'PassStateExited',
    'ExecutionSucceeded',
  ]);
});

test('the parent tells of the Map Run only, in the shape of AWS', async () => {
  const { events, types } = await run(distributed(pass()), { input: ['a', 'b'] });
  expect(types).toEqual([
    'ExecutionStarted',
    ...[
      'MapStateEntered',
      'MapStateStarted',
      'MapRunStarted',
      'MapRunSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
    ],
    'ExecutionSucceeded',
  ]);
  expect(eventOf(events, 'MapStateStarted')['mapStateStartedEventDetails']).toEqual({ length: 2 });
  expect(eventOf(events, 'MapRunStarted')['mapRunStartedEventDetails']).toEqual({ mapRunArn: expect.any(String) });
});

test('the children of the parent are not executions of its state machine', async () => {
  const { sfn, executionArn } = await run(distributed(pass()), { input: [1] });
  const { stateMachineArn } = sfn.operations.DescribeExecution({ executionArn });
  expect(sfn.operations.ListExecutions({ stateMachineArn }).executions).toHaveLength(1);
  expect(() => sfn.operations.ListExecutions({})).toThrow('exactly one of stateMachineArn and mapRunArn');
  expect(() => sfn.operations.DescribeMapRun({ mapRunArn: 'arn' })).toThrow(
    expect.objectContaining({ name: 'ResourceNotFound' }),
  );
});

test('a child sees itself in the context object, and no variable from outside', async () => {
  const context = pass('{% [$states.context.Execution.Input, $states.context.StateMachine.Name, $exists($outer)] %}');
  const { output } = await run(
    {
      Set: { Type: 'Pass', Assign: { outer: 1 }, Output: ['a'], Next: 'Map' },
      ...distributed(context),
    },
    {},
  );
  expect(output).toEqual([['a', 'machine/Rows', false]]);
});

test('each child has a history limit of its own', async () => {
  const Long = {
    Type: 'Map',
    Items: '{% $states.input %}',
    ItemProcessor: { StartAt: 'P', States: { P: pass() } },
    End: true,
  };
  const items = Array.from({ length: 4000 }, (_, i) => i);
  const { status } = await run(distributed(Long), { input: [items, items] });
  expect(status).toBe('SUCCEEDED');
});

test('at most MaxConcurrency children run at once', async () => {
  const clock = new VirtualClock(START);
  const wait = { Type: 'Wait', Seconds: 10, End: true };
  const { seconds } = await run(distributed(wait, { MaxConcurrency: 2 }), { input: [1, 2, 3, 4, 5], clock });
  expect(seconds).toBe(30);
  expect((await run(distributed(wait), { input: Array(100).fill(0) })).seconds).toBe(10);
});

test.each([
  [{}, 'FAILED'],
  [{ ToleratedFailureCount: 1 }, 'SUCCEEDED'],
  [{ ToleratedFailurePercentage: 25 }, 'SUCCEEDED'],
  [{ ToleratedFailurePercentage: 24 }, 'FAILED'],
  [{ ToleratedFailureCount: 1, ToleratedFailurePercentage: 1 }, 'FAILED'],
])('one failure of four under %j ends %s', async (fields, status) => {
  const states = distributed(task(), { ...fields, MaxConcurrency: 1 });
  const ended = await run(states, { input: [1, 2, 3, 4], invoke: failing(['Boom'], 'ok') });
  expect(ended.status).toBe(status);
  const { executionCounts } = ended.sfn.operations.DescribeMapRun({ mapRunArn: childrenOf(ended).mapRunArn });
  if (status === 'SUCCEEDED') {
    expect(ended.output).toEqual(['ok', 'ok', 'ok']);
    expect(executionCounts).toMatchObject({ succeeded: 3, failed: 1 });
  } else {
    expect(ended.error).toBe('States.ExceedToleratedFailureThreshold');
    expect(ended.types.slice(-3)).toEqual(['MapRunFailed', 'MapStateFailed', 'ExecutionFailed']);
    expect(executionCounts).toMatchObject({ failed: 1, pending: 3 });
  }
});

test('a failed Map Run aborts the children that still run; a retry is a new Map Run', async () => {
  const states = {
    StartAt: 'Which',
    States: {
      Which: { Type: 'Choice', Choices: [{ Condition: '{% $states.input = 2 %}', Next: 'Broken' }], Default: 'Long' },
      Broken: { Type: 'Fail', Error: 'Boom' },
      Long: { Type: 'Wait', Seconds: 100, End: true },
    },
  };
  const Retry = [{ ErrorEquals: ['States.ExceedToleratedFailureThreshold'], MaxAttempts: 1 }];
  const ended = await run(
    { Map: { Type: 'Map', Retry, ItemProcessor: { ...processor(pass()), ...states }, End: true } },
    { input: [1, 2, 3] },
  );
  expect(ended.status).toBe('FAILED');
  expect(ended.sfn.operations.ListMapRuns({ executionArn: ended.executionArn }).mapRuns).toHaveLength(2);
  expect(childrenOf(ended).children.map(({ status }) => status)).toEqual(['ABORTED', 'FAILED', 'ABORTED']);
});

test('a child that somebody stops counts as failed', async () => {
  const sfn = service();
  const definition = definitionOf(distributed({ Type: 'Wait', Seconds: 100, End: true }, { Items: [1] }));
  const { executionArn } = sfn.operations.StartExecution({ stateMachineArn: create(sfn, definition) });
  await new Promise(setImmediate);
  const [child] = childrenOf({ sfn, executionArn }).children;
  sfn.operations.StopExecution({ executionArn: child?.executionArn ?? '' });
  expect(await sfn.finished(executionArn)).toMatchObject({ error: 'States.ExceedToleratedFailureThreshold' });
});

test('stopping the execution aborts its Map Run and the children', async () => {
  const sfn = service();
  const definition = definitionOf(distributed({ Type: 'Wait', Seconds: 100, End: true }, { Items: [1, 2] }));
  const { executionArn } = sfn.operations.StartExecution({ stateMachineArn: create(sfn, definition) });
  await new Promise(setImmediate);
  sfn.operations.StopExecution({ executionArn });
  await sfn.finished(executionArn);
  await new Promise(setImmediate);
  const [mapRun] = sfn.operations.ListMapRuns({ executionArn }).mapRuns;
  const mapRunArn = mapRun?.mapRunArn ?? '';
  expect(sfn.operations.DescribeMapRun({ mapRunArn })).toMatchObject({
    status: 'ABORTED',
    executionCounts: { aborted: 2, running: 0 },
  });
});

test('Map Runs and their children survive JSON', async () => {
  const before = await run(distributed(pass()), { input: [1] });
  const after = service();
  after.restore(JSON.parse(JSON.stringify(before.sfn.executions())) as EndedExecution[]);
  const { mapRunArn, children } = childrenOf(before);
  expect(childrenOf({ ...before, sfn: after })).toEqual({ mapRunArn, children });
  expect(after.operations.DescribeMapRun({ mapRunArn })).toEqual(before.sfn.operations.DescribeMapRun({ mapRunArn }));
});

test('whatever fails, children take their own items, and the counts tell how each ended', async () => {
  const scenario = fc.record({
    outcomes: fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
    MaxConcurrency: fc.integer({ min: 0, max: 4 }),
    ToleratedFailureCount: fc.integer({ min: 0, max: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ outcomes, ...fields }) => {
      const invoke: Invoke = async ({ arguments: ok }) => (ok ? 'ok' : Promise.reject({ error: 'Boom' }));
      const states = distributed(task({ Arguments: '{% $states.input %}' }), fields);
      const ended = await run(states, { input: outcomes, invoke });
      const failures = outcomes.filter((ok) => !ok).length;
      const { mapRunArn, children } = childrenOf(ended);
      const { executionCounts: counts } = ended.sfn.operations.DescribeMapRun({ mapRunArn });
      const { pending, running, succeeded, failed, aborted, total } = counts;
      expect(ended.status).toBe(failures > fields.ToleratedFailureCount ? 'FAILED' : 'SUCCEEDED');
      expect(pending + running + succeeded + failed + aborted).toBe(total);
      expect([running, total, total - pending]).toEqual([0, outcomes.length, children.length]);
      if (ended.status === 'SUCCEEDED') expect([succeeded, failed]).toEqual([total - failures, failures]);
    }),
  );
});
