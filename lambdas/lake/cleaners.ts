/** What a column's `clean` does to a value before the value is held against the column's type. */
import type { Cleaner, Column } from '#lib/contract/table.ts';
import { textOf } from './bytes.ts';
import { isRawJSON, type Json, parseExact } from './exact.ts';

/** Gives the value as it is where the cleaner has nothing to do with it: what does not fit then is quarantined. */
export type Clean = (value: Json) => Json;

const CLEANERS: Readonly<Record<Extract<Cleaner, string>, Clean>> = {
  'empty-to-null': (value) => (value === '' ? null : value),
  'zero-to-null': (value) => (numberOf(value) === 0 ? null : value),
  'parse-number': (value) => (typeof value === 'string' && NUMBER.test(value) ? parseExact(value) : value),
  'epoch-milliseconds': (value) => timeOf(numberOf(value)) ?? value,
  'repair-encoding': (value) => (typeof value === 'string' ? repairEncoding(value) : value),
};

/** As JSON writes it. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** All of a column's cleaners, in their order; undefined where it declares none. */
export function cleanOf({ clean = [] }: Column): Clean | undefined {
  const steps = clean.map((cleaner) => (typeof cleaner === 'string' ? CLEANERS[cleaner] : mapped(cleaner.map)));
  return steps.length === 0 ? undefined : (value) => steps.reduce((cleaned, step) => step(cleaned), value);
}

const mapped =
  (values: Readonly<Record<string, string | null>>): Clean =>
  (value) =>
    typeof value === 'string' && Object.hasOwn(values, value) ? (values[value] ?? null) : value;

function numberOf(value: Json): number | undefined {
  if (isRawJSON(value)) return Number(value.rawJSON);
  return typeof value === 'number' ? value : undefined;
}

/** UTC with its milliseconds, as a timestamp column takes it: `2018-11-01 21:01:46.796`. */
function timeOf(milliseconds: number | undefined): string | undefined {
  if (milliseconds === undefined || !Number.isSafeInteger(milliseconds)) return undefined;
  const time = new Date(milliseconds);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString().replace('T', ' ').replace('Z', '');
}

/** Only of characters that Latin-1 has, and at least one of them beyond ASCII. */
const LATIN_1 = /^[\0-\u00ff]*[\u0080-\u00ff][\0-\u00ff]*$/;

/**
 * Text whose UTF-8 was read as Latin-1, once or more often, as it was before: `CafÃ©` is `Café`. Text that was read
 * rightly is hardly ever valid UTF-8 when its characters are taken for bytes, and stays.
 */
export function repairEncoding(text: string): string {
  if (!LATIN_1.test(text)) return text;
  const before = textOf(Buffer.from(text, 'latin1'));
  return before === undefined ? text : repairEncoding(before);
}
