import { expect, test } from 'vitest';
import { type Invoke, VirtualClock } from '#local/stepfunctions/index.ts';
import { eventOf, failing, run, START, task } from '../../../worlds/local/run-machine.ts';

const processor = (state: object) => ({ StartAt: 'Item', States: { Item: state } });
const mapped = (state: object, fields: object = {}) => ({
  Map: { Type: 'Map', ItemProcessor: processor(state), ...fields, End: true },
});
const pass = (Output?: unknown) => ({ Type: 'Pass', End: true, ...(Output !== undefined && { Output }) });

test('a Map runs its processor for each item of its input, or of Items, and keeps the order', async () => {
  expect((await run(mapped(pass('{% $states.input * 2 %}')), { input: [1, 2, 3] })).output).toEqual([2, 4, 6]);
  const items = mapped(pass(), { Items: [1, '{% $states.input.n %}'] });
  expect((await run(items, { input: { n: 'two' } })).output).toEqual([1, 'two']);
});

test('ItemSelector shapes the input of an iteration from item, index, input and variables', async () => {
  const { output } = await run(
    mapped(pass(), {
      Items: '{% $states.input.items %}',
      ItemSelector: {
        value: '{% $states.context.Map.Item.Value %}',
        index: '{% $states.context.Map.Item.Index %}',
        of: '{% $count($states.input.items) %}',
      },
    }),
    { input: { items: ['a', 'b'] } },
  );
  expect(output).toEqual([
    { value: 'a', index: 0, of: 2 },
    { value: 'b', index: 1, of: 2 },
  ]);
});

test('the states of an iteration see its item in the context object, the innermost Map first', async () => {
  const inner = { Type: 'Map', ItemProcessor: processor(pass('{% $states.context.Map.Item.Index %}')), End: true };
  const { output } = await run(
    { Outer: { Type: 'Map', ItemProcessor: { StartAt: 'Inner', States: { Inner: inner } }, End: true } },
    { input: [['a'], ['b', 'c']] },
  );
  expect(output).toEqual([[0], [0, 1]]);
});

/** Sleeps ten seconds for each Task and notes how many slept at once. */
function sleeping(clock: VirtualClock) {
  const seen = { now: 0, most: 0 };
  const invoke: Invoke = async ({ signal }) => {
    seen.most = Math.max(seen.most, ++seen.now);
    await clock.sleep(10_000, signal);
    seen.now--;
  };
  return { seen, invoke };
}

test.each([
  [3, 3],
  ['{% $count($states.input) - 98 %}', 2],
  [0, 40],
  [1000, 40],
])('at most MaxConcurrency iterations run at once, never more than 40 (%s → %i)', async (MaxConcurrency, most) => {
  const clock = new VirtualClock(START);
  const { seen, invoke } = sleeping(clock);
  const { status } = await run(mapped(task(), { MaxConcurrency }), { input: Array(100).fill(0), clock, invoke });
  expect(status).toBe('SUCCEEDED');
  expect(seen.most).toBe(most);
});

test('each iteration has its own variables', async () => {
  const { output } = await run({
    Map: {
      Type: 'Map',
      ItemProcessor: {
        StartAt: 'Set',
        States: {
          Set: { Type: 'Pass', Assign: { mine: '{% $states.input %}' }, Next: 'Wait' },
          Wait: { Type: 'Wait', Seconds: 1, Next: 'Get' },
          Get: { Type: 'Pass', Output: '{% $mine %}', End: true },
        },
      },
      Items: [1, 2, 3],
      End: true,
    },
  });
  expect(output).toEqual([1, 2, 3]);
});

test('the history tells length, name and index', async () => {
  const { events, types } = await run(mapped(pass(), { MaxConcurrency: 1 }), { input: ['a', 'b'] });
  expect(types).toEqual([
    'ExecutionStarted',
    'MapStateEntered',
    'MapStateStarted',
    ...['MapIterationStarted', 'PassStateEntered', 'PassStateExited', 'MapIterationSucceeded'],
    ...['MapIterationStarted', 'PassStateEntered', 'PassStateExited', 'MapIterationSucceeded'],
    'MapStateSucceeded',
    'MapStateExited',
    'ExecutionSucceeded',
  ]);
  expect(eventOf(events, 'MapStateStarted')['mapStateStartedEventDetails']).toEqual({ length: 2 });
  expect(events[7]).toMatchObject({ mapIterationStartedEventDetails: { name: 'Map', index: 1 } });
});

test('a failing iteration aborts the others and fails the Map with its own error', async () => {
  const choice = {
    StartAt: 'Which',
    States: {
      Which: { Type: 'Choice', Choices: [{ Condition: '{% $states.input = 2 %}', Next: 'Broken' }], Default: 'Long' },
      Broken: { Type: 'Fail', Error: 'Boom' },
      Long: { Type: 'Wait', Seconds: 100, End: true },
    },
  };
  const { error, types, seconds } = await run(
    { Map: { Type: 'Map', ItemProcessor: choice, End: true } },
    { input: [1, 2, 3] },
  );
  expect([error, seconds]).toEqual(['Boom', 0]);
  expect(types.filter((type) => /Aborted|Failed/.test(type)).sort()).toEqual([
    'ExecutionFailed',
    'MapIterationAborted',
    'MapIterationAborted',
    'MapIterationFailed',
    'MapStateFailed',
    'WaitStateAborted',
    'WaitStateAborted',
  ]);
});

test('no new iteration starts after one has failed', async () => {
  const { types } = await run(mapped(task(), { MaxConcurrency: 1 }), { input: [1, 2, 3], invoke: failing(['Boom']) });
  expect(types.filter((type) => type === 'MapIterationStarted')).toHaveLength(1);
});

test.each([
  [{ ToleratedFailureCount: 1 }, 'SUCCEEDED', undefined],
  [{ ToleratedFailureCount: 0 }, 'FAILED', 'States.ExceedToleratedFailureThreshold'],
  [{ ToleratedFailurePercentage: 25 }, 'SUCCEEDED', undefined],
  [{ ToleratedFailurePercentage: '{% 24 %}' }, 'FAILED', 'States.ExceedToleratedFailureThreshold'],
  [{ ToleratedFailureCount: 2, ToleratedFailurePercentage: 1 }, 'FAILED', 'States.ExceedToleratedFailureThreshold'],
])('one failure of four under %j ends %s', async (fields, status, error) => {
  const states = mapped(task(), { ...fields, MaxConcurrency: 1 });
  const result = await run(states, { input: [1, 2, 3, 4], invoke: failing(['Boom'], 'ok') });
  expect([result.status, result.error]).toEqual([status, error]);
  if (status === 'SUCCEEDED') expect(result.output).toEqual(['ok', 'ok', 'ok']);
});

test.each([
  ['{% {"a": 1} %}', "Expected 'array', but was 'object' for value: {\"a\":1}"],
  ['{% null %}', "Expected 'array', but was 'null' for value: null"],
  ['{% function($x){$x} %}', 'returned an unsupported result type.'],
])('Items of %s fail the query and the Map', async (Items, message) => {
  const { cause, types } = await run(mapped(pass(), { Items }));
  expect(cause).toContain(message);
  expect(types.slice(-3)).toEqual(['EvaluationFailed', 'MapStateFailed', 'ExecutionFailed']);
});

test('an input that is no array is told as such', async () => {
  expect((await run(mapped(pass()), { input: 'text' })).cause).toMatch(
    /Map state input must be an array but was: "text"$/,
  );
});

test('a Map is retried as a whole and caught as one state', async () => {
  const handlers = {
    Retry: [{ ErrorEquals: ['Boom'], MaxAttempts: 1 }],
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
  };
  const states = { ...mapped(task(), { ...handlers, MaxConcurrency: 1 }), Caught: { Type: 'Pass', End: true } };
  const twice = await run(states, { input: [1, 2], invoke: failing(['Boom']) });
  expect(twice.output).toEqual(['done', 'done']);
  const thrice = await run(states, { input: [1, 2], invoke: failing(['Boom', 'Boom']) });
  expect(thrice.output).toEqual({ Error: 'Boom', Cause: 'cause of Boom' });
});

test('an empty Map succeeds with an empty list', async () => {
  const { output, types } = await run(mapped(pass()), { input: [] });
  expect(output).toEqual([]);
  expect(types).toContain('MapStateSucceeded');
});
