import { ERROR } from '#lib/contract/error-names.ts';
import type { GraphTask } from '#lib/dag/index.ts';

/** What a Lambda never throws and a retry never mends. */
const NEVER = ['States.QueryEvaluationError', 'States.DataLimitExceeded'];

/** Lambda's own troubles: they say nothing about the task, so they do not count among its retries. */
const LAMBDA = {
  ErrorEquals: [
    'Lambda.TooManyRequestsException',
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
  ],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  MaxAttempts: 20,
  JitterStrategy: 'FULL',
};

/** The first rule that knows the error decides, so the author's retries come last. */
export const retriesOf = ({ retries, retryDelaySeconds }: GraphTask): object[] => [
  { ErrorEquals: [ERROR.terminal, ERROR.noSnapshot, ...NEVER], MaxAttempts: 0 },
  { ErrorEquals: [ERROR.again], IntervalSeconds: 1, BackoffRate: 2, MaxDelaySeconds: 300, MaxAttempts: 500 },
  LAMBDA,
  {
    ErrorEquals: ['States.ALL'],
    ...(retries > 0 && { IntervalSeconds: retryDelaySeconds, BackoffRate: 2, MaxDelaySeconds: 10 * retryDelaySeconds }),
    MaxAttempts: retries,
  },
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
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 5, BackoffRate: 2, MaxAttempts: 3 },
];
