/** What a column's `clean` does to a value before the value is held against the column's type. */
import type { Cleaner, Column } from '#lib/contract/table.ts';
import { textOf } from './bytes.ts';
import { exactNumber, isRawJSON, type Json } from './exact.ts';

/** Gives the value as it is where the cleaner has nothing to do with it: what does not fit then is quarantined. */
export type Clean = (value: Json) => Json;

/** Each for one column. */
const CLEANERS: Readonly<Record<Extract<Cleaner, string>, () => Clean>> = {
  'empty-to-null': () => (value) => (value === '' ? null : value),
  'zero-to-null': () => (value) => (numberOf(value) === 0 ? null : value),
  'parse-number': () => (value) => (typeof value === 'string' && NUMBER.test(value) ? exactNumber(value) : value),
  'epoch-milliseconds': epochMilliseconds,
  'repair-encoding': () => (value) => (typeof value === 'string' ? repairEncoding(value) : value),
};

/** As JSON writes it. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** All of a column's cleaners, in their order; undefined where it declares none. */
export function cleanOf({ clean = [] }: Column): Clean | undefined {
  const steps = clean.map((cleaner) => (typeof cleaner === 'string' ? CLEANERS[cleaner]() : mapped(cleaner.map)));
  const [first, ...more] = steps;
  return first && more.reduce((before, step) => (value) => step(before(value)), first);
}

const mapped =
  (values: Readonly<Record<string, string | null>>): Clean =>
  (value) =>
    typeof value === 'string' && Object.hasOwn(values, value) ? (values[value] ?? null) : value;

function numberOf(value: Json): number | undefined {
  if (isRawJSON(value)) return Number(value.rawJSON);
  return typeof value === 'number' ? value : undefined;
}

const DAY_MS = 86_400_000;
/** Before and after 1970, as far as a Date goes. */
const MOST_MS = 8.64e15;

/** UTC with its milliseconds, as a timestamp column takes it: `2018-11-01 21:01:46.796`. */
function epochMilliseconds(): Clean {
  // A column's times are mostly of one day, and to write its date takes longer than all the rest.
  let [latest, date] = [Number.NaN, ''];
  return (value) => {
    const milliseconds = numberOf(value);
    if (milliseconds === undefined || !Number.isInteger(milliseconds)) return value;
    if (Math.abs(milliseconds) > MOST_MS) return value;
    const day = Math.floor(milliseconds / DAY_MS);
    if (day !== latest) [latest, date] = [day, dateOf(day)];
    return `${date} ${timeOfDay(milliseconds - day * DAY_MS)}`;
  };
}

const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().split('T', 1).join();

function timeOfDay(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const [hour, minute] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${digits(hour, 2)}:${digits(minute, 2)}:${digits(seconds % 60, 2)}.${digits(milliseconds % 1000, 3)}`;
}

const digits = (number: number, count: number): string => String(number).padStart(count, '0');

const BEYOND_ASCII = /[^\0-\u007f]/;
const BEYOND_LATIN_1 = /[^\0-\u00ff]/;

/**
 * Text whose UTF-8 was read as Latin-1, once or more often, as it was before: `CafÃ©` is `Café`. Text that was read
 * rightly is hardly ever valid UTF-8 when its characters are taken for bytes, and stays.
 */
export function repairEncoding(text: string): string {
  if (!BEYOND_ASCII.test(text) || BEYOND_LATIN_1.test(text)) return text;
  const before = textOf(Buffer.from(text, 'latin1'));
  return before === undefined ? text : repairEncoding(before);
}
