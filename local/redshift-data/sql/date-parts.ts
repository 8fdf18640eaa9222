/** Parts of a date, which Redshift takes as bare words or strings, under many names. */
import { notDone } from '../errors.ts';
import type { Token } from './tokens.ts';

const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  year: ['year', 'years', 'y', 'yr', 'yrs'],
  quarter: ['quarter', 'quarters', 'qtr', 'qtrs'],
  month: ['month', 'months', 'mon', 'mons'],
  week: ['week', 'weeks', 'w'],
  day: ['day', 'days', 'd'],
  hour: ['hour', 'hours', 'h', 'hr', 'hrs'],
  minute: ['minute', 'minutes', 'm', 'min', 'mins'],
  second: ['second', 'seconds', 's', 'sec', 'secs'],
  dow: ['dow', 'dayofweek', 'dw', 'weekday'],
  doy: ['doy', 'dayofyear', 'yearday'],
  epoch: ['epoch'],
};
const BY_SPELLING = new Map(Object.entries(SPELLINGS).flatMap(([part, names]) => names.map((name) => [name, part])));

/** Functions whose first argument is a part, and the parts that each takes. */
const STEPS = ['year', 'quarter', 'month', 'day', 'hour', 'minute', 'second'];
const PARTS_OF: Readonly<Record<string, readonly string[]>> = {
  date_part: Object.keys(SPELLINGS).filter((part) => part !== 'epoch'),
  extract: Object.keys(SPELLINGS),
  date_trunc: [...STEPS, 'week'],
  dateadd: [...STEPS, 'week'],
  datediff: STEPS,
};

export const takesDatePart = (name: string): boolean => Object.hasOwn(PARTS_OF, name);

/**
 * The part as a string in DuckDB's spelling.
 * @throws RedshiftError for one that is not done
 */
export function datePart(name: string, token: Token): Token {
  const part = BY_SPELLING.get(token.value.toLowerCase());
  if (part === undefined || !PARTS_OF[name]?.includes(part)) throw notDone(`the part ${token.value} in ${name}()`);
  return { kind: 'text', value: part, position: token.position };
}
