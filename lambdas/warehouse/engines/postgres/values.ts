/** Values of results: numbers and booleans as such, integers exact, all else in PostgreSQL's own words. */
import type { Value } from '#lib/sql/quoting.ts';

const integer = (digits: string): Value => {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
};

/** By the type's object id: boolean, int8, int2, int4, float4, float8. A numeric stays a text: no digit is lost. */
const PARSERS: Readonly<Record<number, (text: string) => Value>> = {
  16: (text) => text === 't',
  20: integer,
  21: Number,
  23: Number,
  700: Number,
  701: Number,
};
const asIs = (text: string): Value => text;

/** As the client takes it. */
export const VALUE_TYPES = { getTypeParser: (type: number) => PARSERS[type] ?? asIs };
