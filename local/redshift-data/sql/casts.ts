/** Casts go through macros: DuckDB rounds '1.5' to an integer, and keeps a text that is too long; see catalog/cast-macros.ts. */
import { notDone, RedshiftError } from '../errors.ts';
import { MAX_LENGTH } from './column-types.ts';
import { call, isNode, type Node, numberNode, type RewriteContext, type Tree, textNode } from './tree.ts';

type Cast = (value: Tree, to: Node) => Node;
const as =
  (to: Node): Cast =>
  (value) => ({ cast: { this: value, to, trailing_comments: [], double_colon_syntax: false } });
const through =
  (macro: string): Cast =>
  (value) =>
    call(macro, value);
/** Without a length the text keeps its own. */
const text: Cast = (value, { length }) =>
  typeof length === 'number' ? call('rs_varchar', value, numberNode(length)) : call('rs_text', value);

const CASTS: Readonly<Record<string, Cast>> = {
  small_int: through('rs_int2'),
  int: through('rs_int4'),
  big_int: through('rs_int8'),
  INT2: through('rs_int2'),
  INT4: through('rs_int4'),
  INT8: through('rs_int8'),
  float: (value, to) => call(to['real_spelling'] ? 'rs_float4' : 'rs_float8', value),
  FLOAT4: through('rs_float4'),
  FLOAT8: through('rs_float8'),
  double: through('rs_float8'),
  decimal: (value, { precision, scale }) =>
    as({ data_type: 'decimal', precision: precision ?? 18, scale: scale ?? 0 })(value, {}),
  boolean: through('rs_bool'),
  date: through('rs_date'),
  timestamp: (value, { timezone }) => call(timezone ? 'rs_timestamptz' : 'rs_timestamp', value),
  var_char: text,
  text,
  'VARCHAR(MAX)': (value) => call('rs_varchar', value, numberNode(MAX_LENGTH)),
  SUPER: through('rs_super'),
};
/** `DATE '2026-11-19'` */
const LITERALS: Readonly<Record<string, string>> = { date: 'rs_date', timestamp: 'rs_timestamp' };

/** @throws RedshiftError for a literal that Redshift does not have, or no float8 can hold */
export function rewriteLiteral({ literal_type: type, value }: Node): Node | undefined {
  if (type === 'string') return undefined;
  if (type === 'number') {
    if (Number.isFinite(Number(value))) return undefined;
    throw new RedshiftError(`ERROR: "${value}" is out of range for type double precision`);
  }
  const macro = LITERALS[String(type)];
  if (macro === undefined) throw notDone(`${String(type).toUpperCase()} literals`, 'cast a text');
  return call(macro, textNode(String(value)));
}

export function rewriteCast({ this: value, to }: Node, { texts }: RewriteContext): Node {
  const type = isNode(to) ? to : {};
  const name = String(type['data_type'] === 'custom' ? type['name'] : type['data_type']);
  const cast = Object.hasOwn(CASTS, name) ? CASTS[name] : undefined;
  if (!cast) throw notDone(`a cast to ${name}`);
  refuseUnknownOptions(type);
  const made = cast(value, type);
  const literal = isNode(value) && isNode(value['literal']) ? value['literal'] : undefined;
  const isInteger = isNode(made['function']) && String(made['function']['name']).startsWith('rs_int');
  if (isInteger && literal?.['literal_type'] === 'string') refuseNoInteger(texts.original(String(literal['value'])));
  return made;
}

const OPTIONS = ['data_type', 'name', 'length', 'precision', 'scale', 'timezone', 'real_spelling', 'integer_spelling'];
function refuseUnknownOptions(type: Node): void {
  const option = Object.keys(type).find((key) => type[key] && !OPTIONS.includes(key));
  const precise = ['timestamp', 'float'].includes(String(type['data_type'])) && type['precision'];
  if (option || precise) throw notDone(`${option ?? 'a precision'} in a cast to ${type['data_type']}`);
}

/** Redshift reads a literal when it parses the statement: in a CASE too, whether its branch is taken or not. */
function refuseNoInteger(value: string): void {
  if (/^\s*[+-]?\d+\s*$/.test(value)) return;
  throw new RedshiftError(`ERROR: invalid input syntax for integer: "${value}"`);
}
