import { ERROR } from '#lib/contract/error-names.ts';
import type { GraphTask } from '#lib/dag/index.ts';

/** What a Lambda never throws and a retry never mends. */
const NEVER = ['States.QueryEvaluationError', 'States.DataLimitExceeded'];

/** What a task says when trying again is of no use. */
const FINAL = [ERROR.terminal, ERROR.noSnapshot, ERROR.skipped, ERROR.sensorTimeout, ...NEVER];

/** Lambda's own troubles: they say nothing about the task, so they do not count among its retries. */
const LAMBDA = {
  ErrorEquals: [
    'Lambda.TooManyRequestsException',
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
  ],
  MaxDelaySeconds: 60,
  MaxAttempts: 20,
  JitterStrategy: 'FULL',
};

/** A sensor looks again at its interval. That its time is up, its Lambda sees by the clock: looks take time too. */
const looks = (sensor: NonNullable<GraphTask['sensor']>): object => ({
  ErrorEquals: [ERROR.notReady],
  IntervalSeconds: sensor.pokeSeconds,
  BackoffRate: 1,
  MaxAttempts: looksOf(sensor),
});

/** How often a sensor can look again: as often as fits into its time, and once when that is over. */
const looksOf = ({ pokeSeconds, timeoutSeconds }: NonNullable<GraphTask['sensor']>): number =>
  Math.floor(timeoutSeconds / pokeSeconds) + 1;

/** Seconds between two tries at the most: each wait is twice the one before, up to so much. */
export const longestDelay = (retryDelaySeconds: number): number => 10 * retryDelaySeconds;

/**
 * The first rule that knows the error decides, so the author's retries come last. What no rule knows is not retried.
 * Where nothing else is said, the first retry comes after a second, and each wait is twice the one before.
 */
export const retriesOf = ({ retries, retryDelaySeconds, sensor, job }: GraphTask): object[] => [
  ...(sensor ? [looks(sensor)] : []),
  ...(job ? [] : [{ ErrorEquals: [ERROR.again], MaxDelaySeconds: 300, MaxAttempts: 500 }, LAMBDA]),
  ...(retries > 0
    ? [
        { ErrorEquals: FINAL, MaxAttempts: 0 },
        {
          ErrorEquals: ['States.ALL'],
          IntervalSeconds: retryDelaySeconds,
          MaxDelaySeconds: longestDelay(retryDelaySeconds),
          MaxAttempts: retries,
        },
      ]
    : []),
];

/** How often begin asks for a slot: with full jitter and these delays, about a day. */
export const BUSY_ATTEMPTS = 600;

export const BEGIN_RETRIES: readonly object[] = [
  { ErrorEquals: [ERROR.terminal, ERROR.noSnapshot, ERROR.duplicate, ...NEVER], MaxAttempts: 0 },
  {
    ErrorEquals: [ERROR.busy],
    IntervalSeconds: 5,
    BackoffRate: 1.5,
    MaxDelaySeconds: 300,
    MaxAttempts: BUSY_ATTEMPTS,
    JitterStrategy: 'FULL',
  },
  LAMBDA,
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 3 },
];
