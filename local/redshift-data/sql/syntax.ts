/** The syntax that a query may use: kinds of the transpiler's nodes, with their fields. All else is refused by name. */
import { notDone } from '../errors.ts';
import { isNode, type Node, type Tree } from './tree.ts';

/** One a line: a kind, and its fields. `field:struct` is a node without a kind of its own; `field:*` is read elsewhere. */
const ALLOWED = readTable(`
  select expressions from:list joins:join where_clause:holder group_by:grouping having:holder qualify:holder
    order_by:ordering limit:holder offset:holder top:holder distinct with:with
  union left right all order_by:ordering limit offset with:with
  intersect left right order_by:ordering limit offset with:with
  except left right order_by:ordering limit offset with:with
  subquery this alias alias_explicit_as alias_keyword column_aliases order_by:ordering limit offset
  table name schema catalog alias alias_explicit_as column_aliases
  joined_table left joins:join alias alias_explicit_as
  insert table:table columns values query default_values with:with
  update table:table alias alias_explicit_as set from_clause:list from_joins:join where_clause:holder with:with
  delete table:table alias alias_explicit_as no_from using:table joins:join where_clause:holder with:with
  values expressions:list
  list expressions
  holder this
  grouping expressions all
  ordering expressions:ordered
  ordered this desc nulls_first explicit_asc
  with ctes:cte recursive
  cte alias this alias_first columns
  join this on using kind nesting_group use_outer_keyword use_inner_keyword

  alias this alias alias_explicit_as
  column name table
  star table except
  dot this field
  subscript this index
  literal literal_type value
  boolean value
  null
  var this
  paren this
  tuple expressions
  interval this unit:*
  cast this to:* double_colon_syntax
  case operand whens else_

  add left right
  sub left right
  mul left right
  div left right
  mod left right
  neg this
  concat left right
  eq left right
  neq left right
  gt left right
  gte left right
  lt left right
  lte left right
  and left right
  or left right
  not this
  like left right escape
  i_like left right escape
  regexp_like this pattern
  regexp_i_like this expression
  between this low high not
  in this expressions query not
  exists this
  is_null this not
  is_true this not
  is_false this not
  at_time_zone this zone

  function name args no_parens
  count this star distinct original_name
  sum this distinct name
  min this distinct name
  max this distinct name
  logical_and this name
  logical_or this name
  approx_distinct this name
  list_agg this separator distinct
  within_group this order_by:ordered
  coalesce expressions original_name
  abs this
  ceil this
  floor this
  last_day this
  length this
  ln this
  lower this
  sqrt this
  upper this
  mod_func this expression
  str_position this substr
  substring this start length from_for_syntax
  trim this position sql_standard_syntax position_explicit characters

  window_function this over:over
  over partition_by order_by:ordered frame:frame
  frame kind start:bound end:bound kind_text start_side_text end_side_text
  bound Preceding Following
  row_number
  rank
  dense_rank
  percent_rank
  cume_dist
  n_tile num_buckets
  lag this offset ignore_nulls
  lead this offset ignore_nulls
  first_value this ignore_nulls
  last_value this ignore_nulls
`);

/** How messages call what is refused, and what to write instead; the rest is named by its kind and field. */
const SPOKEN: Readonly<Record<string, readonly [what: string, instead?: string]>> = {
  array_func: ['lists in brackets', 'use JSON_PARSE'],
  map_func: ['structs in braces', 'use JSON_PARSE'],
  array_slice: ['slices of a list', 'take single elements'],
  lambda: ['lambdas'],
  try_cast: ['TRY_CAST'],
  safe_cast: ['TRY_CAST'],
  null_safe_eq: ['IS NOT DISTINCT FROM', 'compare with = or IS NULL'],
  null_safe_neq: ['IS DISTINCT FROM', 'compare with <> or IS NULL'],
  json_extract: ['the operator ->', 'navigate a SUPER with dots'],
  json_extract_scalar: ['the operator ->>', 'navigate a SUPER with dots'],
  method_call: ['functions called as methods', 'pass the value as an argument'],
  any: ['= ANY (…)', 'use IN or EXISTS'],
  all: ['ALL (…) in a comparison', 'use MIN, MAX or NOT EXISTS'],
  bitwise_and: ['the operator &'],
  bitwise_or: ['the operator |'],
  bitwise_xor: ['the operator ^ or #', 'use POWER'],
  bitwise_not: ['the operator ~ of integers'],
  property_e_q: ['the operator :='],
  time_literal: ['TIME literals'],
  'select.into': ['SELECT INTO', 'use CREATE TABLE AS'],
  'select.fetch': ['FETCH FIRST', 'use LIMIT'],
  'select.windows': ['the WINDOW clause', 'write each window after OVER'],
  'select.locks': ['FOR UPDATE'],
  'select.sample': ['SAMPLE'],
  'holder.percent': ['a percentage as LIMIT or TOP', 'give a number of rows'],
  'holder.with_ties': ['WITH TIES', 'use QUALIFY RANK() OVER (…) <= n'],
  'union.distinct': ['UNION DISTINCT', 'UNION alone is distinct'],
  'union.by_name': ['set operations BY NAME', 'list the columns in one order'],
  'intersect.all': ['INTERSECT ALL', 'Redshift has INTERSECT alone'],
  'except.all': ['EXCEPT ALL', 'Redshift has EXCEPT alone'],
  'intersect.by_name': ['set operations BY NAME', 'list the columns in one order'],
  'except.by_name': ['set operations BY NAME', 'list the columns in one order'],
  'star.replace': ['* REPLACE', 'list the columns'],
  'star.rename': ['* RENAME', 'list the columns'],
  'table.only': ['ONLY'],
  'table.table_sample': ['TABLESAMPLE'],
  'subquery.lateral': ['LATERAL'],
  'frame.exclude': ['EXCLUDE in a frame'],
  'over.window_name': ['named windows', 'write the window after OVER'],
  'lag.default': ['LAG with a default', 'use COALESCE'],
  'lead.default': ['LEAD with a default', 'use COALESCE'],
  'sum.filter': ['FILTER', 'use CASE inside the aggregate'],
  'count.filter': ['FILTER', 'use CASE inside the aggregate'],
};

/** Fields that say nothing of what the statement does. */
const SILENT = /span|comments$|^inferred_type$/;

/** @throws RedshiftError that names the first thing that is not in the table */
export function requireKnownSyntax(tree: Tree): void {
  if (Array.isArray(tree)) for (const item of tree) requireKnownSyntax(item);
  if (!isNode(tree) || isIdentifier(tree)) return;
  const [kind = '', ...more] = Object.keys(tree);
  if (more.length > 0) throw notDone(`this form of ${Object.keys(tree)[0]}`);
  requireFields(kind, tree[kind]);
}

function requireFields(kind: string, fields: Tree): void {
  const allowed = ALLOWED.get(kind);
  if (!allowed) throw refused(kind, kind);
  if (!isNode(fields)) return;
  for (const [field, value] of Object.entries(fields)) {
    if (isEmpty(value) || SILENT.test(field)) continue;
    const struct = allowed.get(field);
    if (struct === undefined) throw refused(`${kind}.${field}`, `${field} in ${kind}`);
    if (struct === '') requireKnownSyntax(value);
    else if (struct !== '*') requireStructs(struct, value);
  }
}

function requireStructs(struct: string, tree: Tree): void {
  if (Array.isArray(tree)) for (const item of tree) requireStructs(struct, item);
  else requireFields(struct, tree);
}

function refused(key: string, plain: string) {
  const [what, instead] = SPOKEN[key] ?? [plain.replaceAll('_', ' ').toUpperCase()];
  return notDone(what, instead);
}

const isEmpty = (value: Tree): boolean =>
  value === null ||
  value === undefined ||
  value === false ||
  value === '' ||
  (Array.isArray(value) && value.length === 0);

const isIdentifier = ({ name, quoted, args }: Node): boolean =>
  typeof name === 'string' && typeof quoted === 'boolean' && args === undefined;

function readTable(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const lines = text
    .replaceAll(/\n {4}/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return new Map(
    lines.map((line) => {
      const [kind = '', ...fields] = line.trim().split(/\s+/);
      return [kind, new Map(fields.map((field) => field.split(':') as [string, string?]).map(([f, s = '']) => [f, s]))];
    }),
  );
}
