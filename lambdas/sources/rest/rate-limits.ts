/** What the headers of a response say of limits. */
import { secondsOf } from '#lib/time/duration.ts';
import { LONGEST_LIMIT_S } from '../refusals.ts';
import type { RateLimit } from './objects.ts';

/**
 * When the next request may be made; undefined where one may be made now, or the headers do not say.
 * @param limits of several the one that lasts longest counts
 */
export function exhaustedUntil(
  limits: readonly RateLimit[],
  headers: Pick<Headers, 'get'>,
  now = new Date(),
): Date | undefined {
  const ends = limits.flatMap((limit) =>
    'remaining' in limit ? ofReset(limit, headers, now) : ofWindows(limit, headers, now),
  );
  const believed = ends.filter((end) => end - now.getTime() <= LONGEST_LIMIT_S * 1000);
  return believed.length === 0 ? undefined : new Date(Math.max(...believed));
}

type Headed = Pick<Headers, 'get'>;

function ofReset(limit: Extract<RateLimit, { remaining: string }>, headers: Headed, now: Date): number[] {
  const remaining = headers.get(limit.remaining);
  const reset = Number(headers.get(limit.reset) ?? Number.NaN);
  if (remaining === null || Number(remaining) > 0 || !Number.isFinite(reset)) return [];
  return [limit.resetIn === 'seconds' ? now.getTime() + reset * 1000 : reset * 1000];
}

function ofWindows(limit: Extract<RateLimit, { windows: unknown }>, headers: Headed, now: Date): number[] {
  const numbers = (name: string) => headers.get(name)?.split(',').map(Number) ?? [];
  const [allowed, used] = [numbers(limit.limit), numbers(limit.usage)];
  return limit.windows.flatMap((window, at) => {
    const ms = (secondsOf(window) ?? 0) * 1000;
    const isUsedUp = (used[at] ?? 0) >= (allowed[at] ?? Number.POSITIVE_INFINITY);
    return isUsedUp ? [Math.floor(now.getTime() / ms) * ms + ms] : [];
  });
}
