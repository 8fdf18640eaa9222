import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Retrier } from '#local/stepfunctions/definition/machine.ts';
import { StateFailure } from '#local/stepfunctions/errors.ts';
import { covers, RETRY_DEFAULTS, Retries, retryDelay } from '#local/stepfunctions/run/retry.ts';
import { failing, run, task } from '../../../worlds/local/run-machine.ts';

const always = { ErrorEquals: ['States.ALL'] };
const retrier: fc.Arbitrary<Retrier> = fc.record({
  ErrorEquals: fc.constant(['States.ALL']),
  IntervalSeconds: fc.integer({ min: 1, max: 100 }),
  BackoffRate: fc.double({ min: 1, max: 4, noNaN: true }),
  MaxDelaySeconds: fc.integer({ min: 101, max: 1000 }),
});

describe('the delay before a retry', () => {
  test('is IntervalSeconds × BackoffRate^retries, at most MaxDelaySeconds', () => {
    fc.assert(
      fc.property(retrier, fc.nat(20), (entry, retries) => {
        let delay = entry.IntervalSeconds ?? 1;
        for (let i = 0; i < retries; i++) delay *= entry.BackoffRate ?? 2;
        expect(retryDelay(entry, retries)).toBeCloseTo(Math.min(delay, entry.MaxDelaySeconds ?? 99_999_999), 5);
      }),
    );
  });

  test('never shrinks from one retry to the next', () => {
    fc.assert(
      fc.property(
        retrier,
        fc.nat(20),
        (entry, retries) => retryDelay(entry, retries) <= retryDelay(entry, retries + 1),
      ),
    );
  });

  test('is anywhere from nothing to the full delay with FULL jitter', () => {
    const full = { ...always, IntervalSeconds: 8, JitterStrategy: 'FULL' as const };
    expect([0, 0.5, 1].map((random) => retryDelay(full, 1, () => random))).toEqual([0, 8, 16]);
    fc.assert(
      fc.property(
        fc.nat(10),
        (retries) => retryDelay(full, retries) <= retryDelay({ ...full, JitterStrategy: 'NONE' }, retries),
      ),
    );
  });
});

test('a Retry entry without numbers retries three times after 1, 2 and 4 seconds', () => {
  expect(RETRY_DEFAULTS).toEqual({ IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2, JitterStrategy: 'NONE' });
  const retries = new Retries([always]);
  const delays = [1, 2, 3, 4].map(() => retries.next(new StateFailure('Boom', undefined)));
  expect(delays).toEqual([1, 2, 4, undefined]);
});

test.each([
  [['Boom'], 'Boom', true],
  [['boom'], 'Boom', false],
  [['States.ALL'], 'Boom', true],
  [['States.ALL'], undefined, true],
  [['States.ALL'], 'States.Timeout', true],
  [['States.TaskFailed'], 'Boom', true],
  [['States.TaskFailed'], 'States.Timeout', false],
  [['States.HeartbeatTimeout'], 'States.Timeout', false],
  [['States.ALL'], 'States.Runtime', false],
  [['States.Runtime'], 'States.Runtime', false],
])('%j and the error %s: handled is %s', (errorEquals, error, handled) => {
  expect(covers(errorEquals, new StateFailure(error, undefined))).toBe(handled);
});

test('a failure that only its name reaches is not handled by a wildcard', () => {
  const failure = new StateFailure('States.DataLimitExceeded', undefined, { reach: 'by name' });
  expect(covers(['States.ALL'], failure)).toBe(false);
  expect(covers(['States.TaskFailed'], failure)).toBe(false);
  expect(covers(['States.DataLimitExceeded'], failure)).toBe(true);
});

test('each Retry entry counts its own retries, and RetryCount counts them all', async () => {
  const counts: unknown[] = [];
  const answer = failing(['A', 'B', 'A', 'A']);
  const { error, seconds } = await run(
    {
      T: task({
        Arguments: '{% $states.context.State.RetryCount %}',
        Retry: [
          { ErrorEquals: ['A'], IntervalSeconds: 1, MaxAttempts: 2 },
          { ErrorEquals: ['B'], IntervalSeconds: 100, MaxAttempts: 1 },
        ],
      }),
    },
    {
      invoke: (given) => {
        counts.push(given.arguments);
        return answer(given);
      },
    },
  );
  expect(counts).toEqual([0, 1, 2, 3]);
  expect(error).toBe('A');
  expect(seconds).toBe(1 + 100 + 2);
});

test('MaxAttempts 0 means never, even where a later entry would retry', async () => {
  const Retry = [{ ErrorEquals: ['Fatal'], MaxAttempts: 0 }, always];
  const { error, types } = await run({ T: task({ Retry }) }, { invoke: failing(['Other', 'Fatal']) });
  expect(error).toBe('Fatal');
  expect(types.filter((type) => type === 'TaskScheduled')).toHaveLength(2);
});

test('retries start anew when the state is entered again', async () => {
  const { output } = await run(
    {
      T: task({ Retry: [{ ErrorEquals: ['A'], MaxAttempts: 1 }], End: undefined, Next: 'Again' }),
      Again: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $exists($second) %}', Next: 'Done' }],
        Default: 'T',
        Assign: { second: true },
      },
      Done: { Type: 'Succeed' },
    },
    { invoke: failing(['A']) },
  );
  expect(output).toBe('done');
});
