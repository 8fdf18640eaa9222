import { expect, test } from 'vitest';
import { VirtualClock } from '#local/stepfunctions/index.ts';
import { failing, run, START, task } from '../../../worlds/local/run-machine.ts';

const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: state } });
const waiting = (name: string, seconds: number) =>
  branch(name, { Type: 'Wait', Seconds: seconds, Output: name, End: true });
const broken = branch('Broken', { Type: 'Fail', Error: 'Boom', Cause: 'why' });
const caught = { Catch: [{ ErrorEquals: ['Boom'], Next: 'Caught' }], End: true };
const Caught = { Type: 'Pass', End: true };

test('a Parallel runs its branches at once and gives their outputs in the order of the branches', async () => {
  const { output, seconds } = await run({
    Both: { Type: 'Parallel', Branches: [waiting('slow', 60), waiting('fast', 10)], End: true },
  });
  expect(output).toEqual(['slow', 'fast']);
  expect(seconds).toBe(60);
});

test('every branch starts with the evaluated Arguments, or the input', async () => {
  const same = branch('A', { Type: 'Pass', End: true });
  const states = (fields: object) => ({ P: { Type: 'Parallel', Branches: [same], ...fields, End: true } });
  expect((await run(states({}), { input: 1 })).output).toEqual([1]);
  expect((await run(states({ Arguments: '{% $states.input + 1 %}' }), { input: 1 })).output).toEqual([2]);
});

test('branches read outer variables, and what they assign stays inside', async () => {
  const inner = branch('In', { Type: 'Pass', Assign: { own: 1 }, Output: '{% $outer %}', End: true });
  const { output } = await run({
    Set: { Type: 'Pass', Assign: { outer: 'o' }, Next: 'P' },
    P: { Type: 'Parallel', Branches: [inner], Output: '{% [$states.result, $exists($own)] %}', End: true },
  });
  expect(output).toEqual(['o', false]);
});

test('events of a branch follow the start of the Parallel, and its end follows the last event of a branch', async () => {
  const { events } = await run({
    P: { Type: 'Parallel', Branches: [waiting('slow', 60), waiting('fast', 10)], End: true },
  });
  expect(events.map(({ type, previousEventId }) => `${previousEventId} ${type}`)).toEqual([
    '0 ExecutionStarted',
    '0 ParallelStateEntered',
    '2 ParallelStateStarted',
    '3 WaitStateEntered',
    '3 WaitStateEntered',
    '5 WaitStateExited',
    '4 WaitStateExited',
    '7 ParallelStateSucceeded',
    '8 ParallelStateExited',
    '9 ExecutionSucceeded',
  ]);
});

test('a failing branch aborts the others at once and fails the state with its own error', async () => {
  const { error, cause, types, seconds } = await run({
    P: { Type: 'Parallel', Branches: [waiting('slow', 60), broken], End: true },
  });
  expect([error, cause, seconds]).toEqual(['Boom', 'why', 0]);
  expect(types.slice(-4)).toEqual(['FailStateEntered', 'WaitStateAborted', 'ParallelStateFailed', 'ExecutionFailed']);
});

test("a Task that fails its branch is aborted, and the error is the Task's", async () => {
  const { output, types } = await run(
    { P: { Type: 'Parallel', Branches: [branch('T', task())], ...caught }, Caught },
    { invoke: failing(['Boom']) },
  );
  expect(output).toEqual({ Error: 'Boom', Cause: 'cause of Boom' });
  expect(types).toContain('TaskStateAborted');
  expect(types).not.toContain('ParallelStateFailed');
});

test('work of aborted branches gets its signal and its late result is ignored', async () => {
  const clock = new VirtualClock(START);
  const reasons: string[] = [];
  const { types, error } = await run(
    { P: { Type: 'Parallel', Branches: [branch('T', task()), broken], End: true } },
    {
      clock,
      invoke: async ({ signal }) => {
        await clock.sleep(1000, signal).catch((reason: Error) => reasons.push(reason.name));
        return 'late';
      },
    },
  );
  expect(error).toBe('Boom');
  expect(reasons).toEqual(['Aborted']);
  expect(types).toContain('TaskStateAborted');
  expect(types).not.toContain('TaskSucceeded');
});

test('a Retry runs the whole Parallel again', async () => {
  const { output, types, seconds } = await run(
    {
      P: {
        Type: 'Parallel',
        Branches: [branch('T', task()), waiting('w', 0)],
        Retry: [{ ErrorEquals: ['Boom'], IntervalSeconds: 3 }],
        End: true,
      },
    },
    { invoke: failing(['Boom']) },
  );
  expect(output).toEqual(['done', 'w']);
  expect(types.filter((type) => type === 'ParallelStateStarted')).toHaveLength(2);
  expect(seconds).toBe(3);
});

test('States.Runtime of a branch is caught by nobody', async () => {
  const states = {
    Set: { Type: 'Pass', Next: 'P' },
    P: {
      Type: 'Parallel',
      Branches: [branch('T', task())],
      Catch: [{ ErrorEquals: ['States.Runtime'], Next: 'Caught' }],
      End: true,
    },
    Caught,
  };
  const { status, error } = await run(states, { invoke: failing(['States.Runtime']) });
  expect([status, error]).toEqual(['FAILED', 'States.Runtime']);
});

test('a failure that only its name reaches stays so outside the branch', async () => {
  const big = branch('Big', { Type: 'Pass', Output: '{% $pad("", 262143) %}', End: true });
  const catching = (name: string) => ({
    P: { Type: 'Parallel', Branches: [big], Catch: [{ ErrorEquals: [name], Next: 'Caught' }], End: true },
    Caught: { Type: 'Pass', Output: 'caught', End: true },
  });
  expect((await run(catching('States.ALL'))).error).toBe('States.DataLimitExceeded');
  expect((await run(catching('States.DataLimitExceeded'))).output).toBe('caught');
});

test('an error inside nested Parallels reaches the outermost Catch', async () => {
  const nested = branch('Inner', { Type: 'Parallel', Branches: [branch('T', task())], End: true });
  const { output, types } = await run(
    { P: { Type: 'Parallel', Branches: [nested, waiting('slow', 60)], ...caught }, Caught },
    { invoke: failing(['Boom']) },
  );
  expect(output).toEqual({ Error: 'Boom', Cause: 'cause of Boom' });
  expect(types).toContain('ParallelStateFailed');
});

test('a failed query of a branch is told once, under the state that had it', async () => {
  const { events } = await run({
    P: { Type: 'Parallel', Branches: [branch('Q', { Type: 'Pass', Output: '{% $nothing %}', End: true })], End: true },
  });
  const failures = events.filter(({ type }) => type === 'EvaluationFailed');
  expect(failures).toMatchObject([{ evaluationFailedEventDetails: { state: 'Q', location: 'Output' } }]);
});
