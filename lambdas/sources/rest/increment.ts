/** Which part of a list is asked for: what changed since an instant. */
import { Terminal } from '#lib/contract/errors.ts';
import { secondsOf } from '#lib/time/duration.ts';
import type { Increment, InstantFormat } from './objects.ts';

const WRITTEN: Readonly<Record<InstantFormat, (instant: Date) => string>> = {
  instant: (instant) => instant.toISOString().replace('.000Z', 'Z'),
  date: (instant) => instant.toISOString().slice(0, 10),
  seconds: (instant) => String(Math.floor(instant.getTime() / 1000)),
  milliseconds: (instant) => String(instant.getTime()),
};

/** From when on, in ISO 8601. */
export function startOf({ lag }: Pick<Increment, 'lag'>, at: string): string {
  const seconds = lag === undefined ? 0 : (secondsOf(lag) ?? 0);
  return WRITTEN.instant(new Date(Date.parse(at) - seconds * 1000));
}

/** What is added to the query of the list. */
export const queryOf = ({ parameter, as = 'instant' }: Increment, start: string): Record<string, string> =>
  parameter === undefined ? {} : { [parameter]: WRITTEN[as](new Date(start)) };

/** What Date.parse takes besides is a guess: `Room 5` is a day in May 2001. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?$/;

/**
 * Whether a list that is sorted by a field, the newest first, has come behind an instant with a page.
 * @throws Terminal where the page's last record has no time there
 */
export function isBehind(field: string, start: string, records: readonly Uint8Array[]): boolean {
  const last = lastReadable(records);
  if (last === undefined) return false;
  const value = field.split('.').reduce<unknown>((of, name) => (of as Record<string, unknown> | null)?.[name], last);
  const time = typeof value === 'string' && ISO_TIME.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(time)) return time < Date.parse(start);
  throw new Terminal(
    `Reading a list down to ${start}: its record has no time of ISO 8601 in '${field}', but ` +
      `${JSON.stringify(value)?.slice(0, 80)}. Name the field by which the list is sorted, the newest first.`,
  );
}

/** Records that are no JSON go to quarantine, and say nothing of the list. */
function lastReadable(records: readonly Uint8Array[]): unknown {
  for (const record of records.toReversed()) {
    try {
      return JSON.parse(Buffer.from(record).toString());
    } catch {}
  }
  return undefined;
}
