import type { Retrier } from '../definition/machine.ts';
import type { StateFailure } from '../errors.ts';
import { LIMITS } from '../limits.ts';

/** What a Retry entry means where it says nothing. */
export const RETRY_DEFAULTS = { IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2, JitterStrategy: 'NONE' } as const;

/** Whether a Retry or Catch entry's ErrorEquals covers the failure. */
export function covers(errorEquals: string[], failure: StateFailure): boolean {
  if (failure.reach === 'none') return false;
  return errorEquals.some((name) => {
    if (name === failure.error || name === failure.alias) return true;
    if (failure.reach === 'by name') return false;
    return name === 'States.ALL' || (name === 'States.TaskFailed' && failure.error !== 'States.Timeout');
  });
}

/** Seconds to wait before the retry that follows `retries` earlier ones of the same Retry entry. */
export function retryDelay(retrier: Retrier, retries: number, random: () => number = Math.random): number {
  const interval = retrier.IntervalSeconds ?? RETRY_DEFAULTS.IntervalSeconds;
  const grown = interval * (retrier.BackoffRate ?? RETRY_DEFAULTS.BackoffRate) ** retries;
  const delay = Math.min(grown, retrier.MaxDelaySeconds ?? LIMITS.seconds);
  return retrier.JitterStrategy === 'FULL' ? delay * random() : delay;
}

/** The Retry entries of one state, each counting its own retries since the state was entered. */
export class Retries {
  readonly #entries: { retrier: Retrier; used: number }[];

  constructor(retriers: Retrier[] = []) {
    this.#entries = retriers.map((retrier) => ({ retrier, used: 0 }));
  }

  /** Seconds until the state is to be tried again; undefined when the failure is not to be retried. */
  next(failure: StateFailure): number | undefined {
    const entry = this.#entries.find(({ retrier }) => covers(retrier.ErrorEquals, failure));
    if (!entry || entry.used >= (entry.retrier.MaxAttempts ?? RETRY_DEFAULTS.MaxAttempts)) return undefined;
    return retryDelay(entry.retrier, entry.used++);
  }
}
