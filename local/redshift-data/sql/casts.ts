/** Casts: DuckDB rounds '1.5' to an integer and keeps a text that is too long, where Redshift raises and truncates. */
import { notDone, RedshiftError } from '../errors.ts';
import { MAX_LENGTH } from './column-types.ts';
import { call, isNode, type Node, numberNode, type RewriteContext, type Tree } from './tree.ts';

type Cast = (value: Tree, to: Node) => Node;
const as =
  (to: Node): Cast =>
  (value) => ({ cast: { this: value, to, trailing_comments: [], double_colon_syntax: false } });
const kept: Cast = (value, to) => as(to)(value, to);
const double = as({ data_type: 'double', precision: null, scale: null });
const real = as({ data_type: 'float', precision: null, scale: null, real_spelling: true });
/** Without a length the text keeps its own. */
const text: Cast = (value, { length }) =>
  typeof length === 'number'
    ? call('rs_varchar', value, numberNode(length))
    : as({ data_type: 'var_char', length: null })(value, {});
const integer =
  (name: 'rs_int2' | 'rs_int4' | 'rs_int8'): Cast =>
  (value) =>
    call(name, value);

const CASTS: Readonly<Record<string, Cast>> = {
  small_int: integer('rs_int2'),
  int: integer('rs_int4'),
  big_int: integer('rs_int8'),
  INT2: integer('rs_int2'),
  INT4: integer('rs_int4'),
  INT8: integer('rs_int8'),
  float: (value, to) => (to['real_spelling'] ? real(value, to) : double(value, to)),
  FLOAT4: real,
  FLOAT8: double,
  double,
  decimal: (value, { precision, scale }) =>
    as({ data_type: 'decimal', precision: precision ?? 18, scale: scale ?? 0 })(value, {}),
  boolean: kept,
  date: kept,
  timestamp: kept,
  var_char: text,
  text,
  'VARCHAR(MAX)': (value) => call('rs_varchar', value, numberNode(MAX_LENGTH)),
  SUPER: (value) => call('rs_super', value),
};

export function rewriteCast({ this: value, to }: Node, { texts }: RewriteContext): Node {
  const type = isNode(to) ? to : {};
  const name = String(type['data_type'] === 'custom' ? type['name'] : type['data_type']);
  const cast = Object.hasOwn(CASTS, name) ? CASTS[name] : undefined;
  if (!cast) throw notDone(`a cast to ${name}`);
  const made = cast(value, type);
  const literal = isNode(value) && isNode(value['literal']) ? value['literal'] : undefined;
  const isInteger = isNode(made['function']) && String(made['function']['name']).startsWith('rs_int');
  if (isInteger && literal?.['literal_type'] === 'string') refuseNoInteger(texts.original(String(literal['value'])));
  return made;
}

/** Redshift reads a literal when it parses the statement: in a CASE too, whether its branch is taken or not. */
function refuseNoInteger(value: string): void {
  if (/^\s*[+-]?\d+\s*$/.test(value)) return;
  throw new RedshiftError(`ERROR: invalid input syntax for integer: "${value}"`);
}
