/** Casts that no one wrote: which ones Redshift does too. */
import { DATE_TEXT, ERA_TEXT } from '../catalog/cast-macros.ts';
import { RedshiftError } from '../errors.ts';
import { constantText, isNullConstant, type Plan, resultType } from './plan-tree.ts';

/** What a type is to casts. Types that Redshift does not have occur inside of macros only. */
const KINDS: Readonly<Record<string, string>> = {
  TINYINT: 'integer',
  SMALLINT: 'integer',
  INTEGER: 'integer',
  BIGINT: 'integer',
  HUGEINT: 'integer',
  INTEGER_LITERAL: 'integer',
  DECIMAL: 'numeric',
  FLOAT: 'float',
  DOUBLE: 'float',
  VARCHAR: 'text',
  STRING_LITERAL: 'text',
  BOOLEAN: 'boolean',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  JSON: 'SUPER',
  INTERVAL: 'interval',
};
const SPELLED: Readonly<Record<string, string>> = { float: 'type double precision' };
const NUMBERS = ['integer', 'numeric', 'float'];
const TIMES = ['date', 'timestamp', 'timestamptz'];
const FROM: Readonly<Record<string, readonly string[]>> = {
  integer: [...NUMBERS, 'text', 'SUPER'],
  numeric: [...NUMBERS, 'text'],
  float: NUMBERS,
  text: ['text', 'numeric', 'float', 'boolean'],
  boolean: ['SUPER'],
  date: [...TIMES, 'text'],
  timestamp: [...TIMES, 'text'],
  timestamptz: [...TIMES, 'text'],
  SUPER: ['SUPER'],
  interval: ['interval'],
};
/** What a literal text of each kind looks like; DuckDB alone would round `1.5`, and read the beginning of a date. */
const DATE = new RegExp(`^${DATE_TEXT}$`);
const ERA = new RegExp(ERA_TEXT, 'i');
const LITERALS: Readonly<Record<string, (text: string) => boolean>> = {
  integer: (text) => /^\s*[+-]?\d+\s*$/.test(text),
  float: (text) => Number.isFinite(Number(text)) || /inf|nan/i.test(text),
  date: (text) => DATE.test(text) && !ERA.test(text),
  timestamp: (text) => DATE.test(text) && !ERA.test(text),
  timestamptz: (text) => DATE.test(text) && !ERA.test(text),
  interval: () => true,
};

/**
 * Of a cast in a plan. One that tries is a macro's, and asked for.
 * @throws RedshiftError
 */
export function requireImplicitCast({ child, try_cast: isAskedFor, return_type: type }: Plan): void {
  const from = KINDS[resultType(child)];
  const to = KINDS[resultType({ return_type: type })];
  if (isAskedFor || isNullConstant(child) || from === undefined || to === undefined || from === to) return;
  const literal = from === 'text' ? constantText(child) : undefined;
  const rule = literal === undefined ? undefined : LITERALS[to];
  if (literal !== undefined && rule) {
    if (!rule(literal)) throw new RedshiftError(`ERROR: invalid input syntax for ${SPELLED[to] ?? to}: "${literal}"`);
  } else if (!FROM[from]?.includes(to)) {
    throw new RedshiftError(
      `ERROR: the embedded warehouse does not do ${from} where ${to} is expected. ${advice(from, to)}`,
    );
  }
}

/**
 * Of what each query of a set operation gives. DuckDB makes text of a column that is text in one of them alone; a literal
 * and a parameter have no type of their own, and are taken for what the others give where they look like it.
 * @throws RedshiftError as Redshift does
 */
export function requireMatchedTypes(queries: readonly (readonly Plan[])[]): void {
  const fits = (from: string, at: number) => {
    const columns = queries.map((query) => query[at]).filter((column) => column !== undefined);
    const literals = columns.filter((column) => madeTextOf(column) === undefined).map((column) => constantText(column));
    const isLiteral = LITERALS[from] ?? (() => true);
    return literals.length > 0 && literals.every((literal) => literal !== undefined && isLiteral(literal));
  };
  for (const [at, column] of queries.flatMap((columns) => [...columns.entries()])) {
    const from = madeTextOf(column);
    if (from === undefined || fits(from, at)) continue;
    throw new RedshiftError(
      `ERROR: UNION types ${from} and character varying cannot be matched. Write the cast, as in x::varchar.`,
    );
  }
}

/** The kind of what a cast to text that nobody wrote is of; undefined of all else. */
function madeTextOf({ expression_class: kind, child, try_cast: isAskedFor, return_type: type }: Plan) {
  if (kind !== 'BOUND_CAST' || isAskedFor || isNullConstant(child)) return undefined;
  if (KINDS[resultType({ return_type: type })] !== 'text') return undefined;
  const from = KINDS[resultType(child)];
  return from === 'text' || from === 'SUPER' ? undefined : from;
}

function advice(from: string, to: string): string {
  if (to === 'SUPER') return 'Use JSON_PARSE for JSON, or cast a scalar with ::super.';
  if (from === 'boolean') return 'Use CASE WHEN … THEN … END.';
  if (from === 'float') return 'Cast it to numeric(p, s) first.';
  if (to === 'boolean') return 'Compare it, as in x <> 0.';
  return `Write the cast, as in x::${to}${from === 'SUPER' ? ', or x::varchar' : ''}.`;
}
