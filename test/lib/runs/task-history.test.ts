import { expect, test } from 'vitest';
import {
  exitStatusesOf,
  failuresOf,
  type HistoryEvent,
  mapRunsOf,
  messageOf,
  statusesOf,
  triesOf,
} from '#lib/runs/task-history.ts';
import { toleratedFailures } from '#lib/runs/warnings.ts';
import { execute, graphOf } from '../../worlds/machines.ts';

const at = (second: number) => new Date(1_700_000_000_000 + second * 1000);
const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function';
const scheduled = (task: unknown) => ({
  taskScheduledEventDetails: { parameters: JSON.stringify({ FunctionName: `${LAMBDA}:f:7`, Payload: { task } }) },
});

test('tries of parallel tasks are told apart by the chain of their events, and a retry is a try of its own', () => {
  const events: HistoryEvent[] = [
    { id: 1, previousEventId: 0, timestamp: at(0), taskScheduledEventDetails: { parameters: '{"Payload":{}}' } },
    { id: 2, previousEventId: 0, timestamp: at(1), ...scheduled({ id: 'a', attempt: 1 }) },
    { id: 3, previousEventId: 0, timestamp: at(1), ...scheduled({ id: 'b', index: 2, attempt: 1 }) },
    { id: 4, previousEventId: 2, timestamp: at(1) },
    { id: 5, previousEventId: 3, timestamp: at(1) },
    {
      id: 6,
      previousEventId: 4,
      timestamp: at(2),
      taskFailedEventDetails: { error: 'Sluice.Transient', cause: '{"errorMessage":"reset"}' },
    },
    { id: 7, previousEventId: 6, timestamp: at(3), ...scheduled({ id: 'a', attempt: 2 }) },
    { id: 8, previousEventId: 5, timestamp: at(4), taskSucceededEventDetails: { output: '{"Payload":{"rows":3}}' } },
    { id: 9, previousEventId: 8, timestamp: at(5), taskFailedEventDetails: { error: 'of another state' } },
  ];
  expect(triesOf(events)).toEqual([
    {
      task: 'a',
      index: undefined,
      attempt: 1,
      functionName: 'f',
      startedAt: at(1),
      endedAt: at(2),
      state: 'failed',
      error: 'Sluice.Transient',
      cause: 'reset',
    },
    {
      task: 'b',
      index: 2,
      attempt: 1,
      functionName: 'f',
      startedAt: at(1),
      endedAt: at(4),
      state: 'success',
      output: { rows: 3 },
    },
    { task: 'a', index: undefined, attempt: 2, functionName: 'f', startedAt: at(3), state: 'running' },
  ]);
});

test('a cause that is no JSON is kept as it is, and a timeout is a failure', () => {
  const [failed] = triesOf([
    { id: 1, timestamp: at(0), ...scheduled({ id: 'a', attempt: 1 }) },
    {
      id: 2,
      previousEventId: 1,
      timestamp: at(9),
      taskTimedOutEventDetails: { error: 'States.Timeout', cause: 'too long' },
    },
  ]);
  expect(failed).toMatchObject({ state: 'failed', error: 'States.Timeout', cause: 'too long' });
});

test('an expression that failed is a failed try of its state, though no function was invoked', () => {
  const [failed] = triesOf([
    {
      id: 1,
      timestamp: at(0),
      evaluationFailedEventDetails: { state: 'a', error: 'E', cause: '3 items, more than 2' },
    },
  ]);
  expect(failed).toMatchObject({
    task: 'a',
    state: 'failed',
    error: 'E',
    cause: '3 items, more than 2',
    functionName: '',
  });
});

test('a try that declared its task skipped is no failure, and says why', () => {
  const [skipped] = triesOf([
    { id: 1, timestamp: at(0), ...scheduled({ id: 'a', attempt: 1 }) },
    {
      id: 2,
      previousEventId: 1,
      timestamp: at(1),
      taskFailedEventDetails: { error: 'Sluice.Skipped', cause: '{"errorMessage":"Nothing is new."}' },
    },
  ]);
  expect(skipped).toMatchObject({ state: 'skipped', cause: 'Nothing is new.' });
});

test('the tries of a job, which has no function, bear the name of its state', () => {
  const job = { taskScheduledEventDetails: { parameters: '{"JobName":"nightly"}' } };
  const tries = triesOf([
    { id: 1, previousEventId: 0, timestamp: at(0), stateEnteredEventDetails: { name: 'sessions' } },
    { id: 2, previousEventId: 1, timestamp: at(0), ...job },
    { id: 3, previousEventId: 2, timestamp: at(1) },
    {
      id: 4,
      previousEventId: 3,
      timestamp: at(2),
      taskFailedEventDetails: { error: 'States.TaskFailed', cause: 'no' },
    },
    { id: 5, previousEventId: 4, timestamp: at(3), ...job },
    { id: 6, previousEventId: 5, timestamp: at(4), taskSucceededEventDetails: { output: '{"Id":"jr_1"}' } },
  ]);
  expect(tries.map(({ task, attempt, state }) => [task, attempt, state])).toEqual([
    ['sessions', 1, 'failed'],
    ['sessions', 2, 'success'],
  ]);
});

test('a pipeline that failed is told with its execution and why, without all else that AWS knows of it', () => {
  const why = JSON.stringify({ errorType: 'Sluice.Terminal', errorMessage: 'No such date.', trace: ['at …'] });
  const failed = { ExecutionArn: 'arn:child', Status: 'FAILED', Error: 'Sluice.Terminal', Cause: why, Input: '{}' };
  expect(messageOf(JSON.stringify(failed))).toBe(
    'The execution arn:child ended with FAILED: Sluice.Terminal: No such date.',
  );
  expect(messageOf('{"ExecutionArn":"arn:child","Status":"ABORTED"}')).toBe(
    'The execution arn:child ended with ABORTED',
  );
});

test('a failure is final once its state is left', () => {
  const failed: HistoryEvent[] = [
    { id: 1, previousEventId: 0, timestamp: at(0), ...scheduled({ id: 'm', index: 4, attempt: 1 }) },
    { id: 2, previousEventId: 1, timestamp: at(1), taskFailedEventDetails: { error: 'Sluice.Terminal', cause: 'no' } },
  ];
  expect(triesOf(failed)[0]).not.toHaveProperty('isFinal');
  const left = { id: 3, previousEventId: 2, timestamp: at(1), stateExitedEventDetails: { name: 'Item of m' } };
  expect(triesOf([...failed, left])[0]).toMatchObject({ state: 'failed', isFinal: true });
});

test('a callback task has its token from when its question is asked until it ends; the answer is its output', () => {
  const asked: HistoryEvent[] = [
    { id: 1, previousEventId: 0, timestamp: at(0), ...scheduled({ id: 'ask', attempt: 1, token: 'T' }) },
    { id: 2, previousEventId: 1, timestamp: at(0) },
  ];
  const waits = [...asked, { id: 3, previousEventId: 2, timestamp: at(1), taskSubmittedEventDetails: {} }];
  const answer = { taskSucceededEventDetails: { output: '{"by":"Ann"}' } };
  const ended = [...waits, { id: 4, previousEventId: 3, timestamp: at(9), ...answer }];
  expect(triesOf(asked)[0]).not.toHaveProperty('token');
  expect(triesOf(waits)[0]).toMatchObject({ state: 'running', token: 'T' });
  expect(triesOf(ended)[0]).toMatchObject({ state: 'success', output: { by: 'Ann' }, endedAt: at(9) });
  expect(triesOf(ended)[0]).not.toHaveProperty('token');
});

test('a time that ran out is told in words, since Step Functions tells no cause', () => {
  const causeOf = (error: string, token?: string) =>
    triesOf([
      { id: 1, previousEventId: 0, timestamp: at(0), ...scheduled({ id: 'a', attempt: 1, token }) },
      { id: 2, previousEventId: 1, timestamp: at(9), taskTimedOutEventDetails: { error } },
    ])[0]?.cause;
  expect(causeOf('States.Timeout')).toBe('It did not end within its timeout.');
  expect(causeOf('States.Timeout', 'T')).toBe('No answer came within its timeout.');
  expect(causeOf('States.HeartbeatTimeout', 'T')).toBe('No sign of life came within its heartbeat.');
});

test('a sensor that finds nothing has not failed: it waits', () => {
  const sensor = { since: at(0).toISOString(), timeoutSeconds: 600, softFail: false };
  const [look] = triesOf([
    { id: 1, timestamp: at(0), ...scheduled({ id: 'a', attempt: 1, sensor }) },
    {
      id: 2,
      previousEventId: 1,
      timestamp: at(1),
      taskFailedEventDetails: { error: 'Sluice.NotReady', cause: '{"errorMessage":"There is no object yet."}' },
    },
  ]);
  expect(look).toMatchObject({ state: 'waiting', isLook: true, cause: 'There is no object yet.' });
});

test('Map Runs of parallel tasks are told apart by the chain of their events', () => {
  const started = (mapRunArn: string) => ({ timestamp: at(5), mapRunStartedEventDetails: { mapRunArn } });
  const events: HistoryEvent[] = [
    { id: 1, previousEventId: 0 },
    { id: 2, previousEventId: 0, stateEnteredEventDetails: { name: 'a' } },
    { id: 3, previousEventId: 0, stateEnteredEventDetails: { name: 'b' } },
    { id: 4, previousEventId: 2 },
    { id: 5, previousEventId: 3 },
    { id: 6, previousEventId: 5, ...started('run-of-b') },
    { id: 7, previousEventId: 4, ...started('run-of-a') },
  ];
  expect(mapRunsOf(events)).toEqual([
    { task: 'b', mapRunArn: 'run-of-b', startedAt: at(5) },
    { task: 'a', mapRunArn: 'run-of-a', startedAt: at(5) },
  ]);
});

test('what became of the tasks of a run that was stopped: what had begun and not ended has failed', () => {
  const entered = (id: number, name: string) => ({ id, previousEventId: 0, stateEnteredEventDetails: { name } });
  const after = (id: number, previousEventId: number) => ({ id, previousEventId, timestamp: at(id) });
  const left = (name: string) => ({ stateExitedEventDetails: { name } });
  const succeeded = { taskSucceededEventDetails: { output: '{"Payload":{}}' } };
  const failed = (error: string) => ({ taskFailedEventDetails: { error, cause: '' } });
  const sensor = { since: at(0).toISOString(), timeoutSeconds: 600, softFail: false };
  const events: HistoryEvent[] = [
    entered(1, 'done'),
    { ...after(2, 1), ...scheduled({ id: 'done', attempt: 1 }) },
    { ...after(3, 2), ...succeeded },
    { ...after(4, 0), ...scheduled({ id: 'running', attempt: 1 }) },
    { ...after(5, 0), ...scheduled({ id: 'waiting', attempt: 1, sensor }) },
    { ...after(6, 5), ...failed('Sluice.NotReady') },
    { ...after(7, 0), ...scheduled({ id: 'retried', attempt: 1 }) },
    { ...after(8, 7), ...failed('Sluice.Transient') },
    { ...after(9, 0), ...scheduled({ id: 'skipped', attempt: 1 }) },
    { ...after(10, 9), ...failed('Sluice.Skipped') },
    // Of a map the first item has ended, and the others have not begun.
    { ...after(11, 0), ...scheduled({ id: 'map', index: 0, attempt: 1 }) },
    { ...after(12, 11), ...succeeded },
    { ...after(13, 0), ...scheduled({ id: 'whole map', index: 0, attempt: 1 }) },
    { ...after(14, 13), ...succeeded },
    { ...after(15, 14), ...left('whole map') },
    entered(16, 'many'),
    { ...after(17, 16), mapRunStartedEventDetails: { mapRunArn: 'a' } },
    entered(18, 'all'),
    { ...after(19, 18), mapRunStartedEventDetails: { mapRunArn: 'b' } },
    { ...after(20, 19), ...left('all') },
    entered(21, 'lost'),
    { ...after(22, 21), mapRunStartedEventDetails: { mapRunArn: 'c' } },
    { ...after(23, 22), mapRunFailedEventDetails: {} },
    { ...after(24, 23), ...left('lost') },
  ];
  expect(Object.fromEntries(statusesOf(events))).toEqual({
    done: 'success',
    running: 'failed',
    waiting: 'failed',
    retried: 'failed',
    skipped: 'skipped',
    map: 'failed',
    'whole map': 'success',
    many: 'failed',
    all: 'success',
    lost: 'failed',
  });
});

test('a state that is left says how its task ended, also of a map that tolerates an item which failed', async () => {
  const map = { over: ['a', 'b'], maxItems: 10, maxConcurrency: 1, toleratedFailureCount: 1 };
  const graph = graphOf([
    { id: 'each', map },
    { id: 'strict', map: { ...map, toleratedFailureCount: 0 } },
  ]);
  const { events } = await execute(graph, {
    answer: ({ task }) => {
      if (task.index === 1) throw { error: 'Sluice.Terminal', cause: '{"errorMessage":"refused"}' };
      return {};
    },
  });
  expect([...exitStatusesOf(events)].toSorted()).toEqual([
    ['each', 'success'],
    ['strict', 'failed'],
  ]);
  expect(Object.fromEntries(statusesOf(events))).toMatchObject({ each: 'success', strict: 'failed' });
  const tasks = Object.fromEntries(exitStatusesOf(events));
  expect(toleratedFailures(failuresOf(events), tasks)).toEqual([
    { task: 'each', index: 1, error: 'Sluice.Terminal', cause: 'refused' },
  ]);
});
