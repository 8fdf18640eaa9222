/** Whether a value may go into a column, decided before COPY would: it loads what passes, whole and unchanged. */
import type { Column } from '#lib/contract/table.ts';
import { MOST_DEPTH, TOO_DEEP } from './bounds.ts';
import { isRawJSON, type Json, shown } from './exact.ts';

/** Why a value does not fit, or undefined where it does. The value is neither null nor absent. */
type Check = (value: Json) => string | undefined;

const CHECKS: Record<Exclude<Column['type'], `varchar(${number})`>, Check> = {
  int4: integer(-(2n ** 31n), 2n ** 31n - 1n),
  int8: integer(-(2n ** 63n), 2n ** 63n - 1n),
  float8: float,
  boolean: (value) => (typeof value === 'boolean' ? undefined : `expected a boolean, found ${shown(value)}`),
  date: (value) => time(value, DATE, 'a date (2026-11-19)'),
  timestamp: (value) => time(value, TIMESTAMP, 'a time (2026-11-19T06:00:00Z)'),
  timestamptz: (value) => time(value, TIMESTAMP, 'a time (2026-11-19T06:00:00Z)'),
  super: (value) => whole(value, 1),
};

/** The check of a column's type. */
export function checkOf({ type }: Column): Check {
  const bytes = /^varchar\((\d+)\)$/.exec(type)?.[1];
  return bytes === undefined ? CHECKS[type as keyof typeof CHECKS] : text(Number(bytes));
}

/** Of one string in a super: what a warehouse holds unless it is switched to more. */
const SUPER_STRING = text(65_535, 'one string in a super holds');

/** What a super keeps whole: its strings, and the names in its objects. */
function whole(value: Json, depth: number): string | undefined {
  if (typeof value === 'string') return SUPER_STRING(value);
  if (isRawJSON(value)) return float(value);
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > MOST_DEPTH) return TOO_DEEP;
  for (const [name, inner] of Object.entries(value)) {
    const problem = SUPER_STRING(name) ?? whole(inner, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function text(limit: number, holder = 'the column holds'): Check {
  return (value) => {
    if (typeof value !== 'string') return `expected a string, found ${shown(value)}`;
    if (value.length * 3 > limit) {
      const bytes = Buffer.byteLength(value);
      if (bytes > limit) return `${bytes} bytes of UTF-8, ${holder} ${limit}`;
    }
    if (value.includes('\0')) return 'holds U+0000, which Redshift refuses';
    return value.isWellFormed() ? undefined : 'holds half a surrogate pair, which UTF-8 cannot express';
  };
}

/** With the sign, of an int8. */
const MOST_DIGITS = 20;

function integer(min: bigint, max: bigint): Check {
  // Exact among safe integers: to compare a number with a BigInt takes far longer.
  const [lowest, highest] = [Number(min), Number(max)];
  return (value) => {
    if (Number.isSafeInteger(value) && (value as number) >= lowest && (value as number) <= highest) return undefined;
    const digits = JSON.stringify(value);
    if (!/^-?\d+$/.test(digits)) return `expected an integer, found ${shown(value)}`;
    // The time to read a number grows faster than its length.
    return digits.length <= MOST_DIGITS && isBetween(BigInt(digits), min, max)
      ? undefined
      : `${shown(value)} is out of range (${min} to ${max})`;
  };
}

const isBetween = (number: bigint, min: bigint, max: bigint): boolean => number >= min && number <= max;

function float(value: Json): string | undefined {
  const number = isRawJSON(value) ? Number(value.rawJSON) : value;
  if (typeof number !== 'number') return `expected a number, found ${shown(value)}`;
  const isOut = !Number.isFinite(number) || (number === 0 && isRawJSON(value) && OTHER_THAN_ZERO.test(value.rawJSON));
  return isOut ? `${shown(value)} is out of range of a double` : undefined;
}

/** Of a number: too small for a double is refused as too large is. */
const OTHER_THAN_ZERO = /^-?[0.]*[1-9]/;

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIMESTAMP =
  /^(\d{4})-(\d\d)-(\d\d)[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-5]):?[0-5]\d)?$/;

function time(value: Json, format: RegExp, expected: string): string | undefined {
  const parts = typeof value === 'string' ? format.exec(value) : null;
  return parts && inCalendar(Number(parts[1]), Number(parts[2]), Number(parts[3]))
    ? undefined
    : `expected ${expected}, found ${shown(value)}`;
}

const inCalendar = (year: number, month: number, day: number): boolean =>
  year > 0 && month > 0 && month <= 12 && day > 0 && (day <= 28 || day <= daysOf(year, month));

const daysOf = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
