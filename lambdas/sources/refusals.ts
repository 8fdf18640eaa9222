/** What a response means that is not what was requested, as far as all sources over HTTP agree. */
import { masking } from '#lambdas/runtime/masking.ts';

const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

/** Whether the same request may succeed later. */
export const isPassing = (status: number): boolean => status >= 500 || PASSING.has(status);

/** What claims to last longer is no wait: an instant where seconds are expected, milliseconds, or a mistake. */
export const LONGEST_LIMIT_S = 31 * 86_400;

/** What Retry-After says, in whole seconds from 1: a number of them, or a date. Undefined where it says neither. */
export function secondsToWait(retryAfter: string | null | undefined, now = Date.now()): number | undefined {
  const text = retryAfter?.trim() ?? '';
  const seconds = /^\d+$/.test(text) ? Number(text) : (dateOf(text) - now) / 1000;
  return seconds <= LONGEST_LIMIT_S ? Math.max(1, Math.ceil(seconds)) : undefined;
}

/** Date.parse takes nearly everything that has a number in it for a date. */
const HTTP_DATE = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? [\w -]+ \d\d:\d\d:\d\d(?: \d{4}| GMT)$/i;

function dateOf(text: string): number {
  if (!HTTP_DATE.test(text)) return Number.NaN;
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
}

/** Of a response, in messages. */
const SHOWN = 500;

/** The beginning of a response's text. Masked before it is cut: half of a secret would not be found. */
export function excerpt(text: string): string {
  const masked = masking.text(text.trim());
  return masked.length > SHOWN ? `${masked.slice(0, SHOWN)}…` : masked;
}
