/** Changes to a parsed statement where DuckDB would compute or look up something else than Redshift. */
import { notDone, RedshiftError, reservedWord } from '../errors.ts';
import { rewriteCast, rewriteLiteral } from './casts.ts';
import { requireFunction } from './functions.ts';
import { labelColumns } from './labels.ts';
import { guardOverflow } from './overflow.ts';
import { isReserved } from './reserved-words.ts';
import { requireKnownSyntax } from './syntax.ts';
import { rewriteTable } from './system-tables.ts';
import type { SetAsideTexts } from './texts.ts';
import {
  call,
  isCount,
  isNode,
  type Node,
  nameOf,
  numberOf,
  type RewriteContext,
  type Tree,
  textNode,
} from './tree.ts';
import { requireWindow } from './windows.ts';

/** @throws RedshiftError for what Redshift or this warehouse does not do */
export function rewrite(statements: Node[], texts: SetAsideTexts): Node[] {
  const context: RewriteContext = { texts, ctes: new Set(cteNames(statements)), aliases: new Set(aliases(statements)) };
  requireKnownSyntax(statements);
  return statements.map((statement) => labelColumns(guardOverflow(walk(statement, context)) as Node));
}

/** @param field the field that holds the tree, which tells an alias from a name */
function walk(tree: Tree, context: RewriteContext, field = ''): Tree {
  if (Array.isArray(tree)) return tree.map((item) => walk(item, context));
  if (!isNode(tree)) return tree;
  if (isIdentifier(tree)) return quoted(tree, field);
  const node = Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, walk(value, context, key)]));
  if (isNode(node['name']) && 'schema' in node && 'catalog' in node) return rewriteTable(node, context);
  const [kind, ...more] = Object.keys(node);
  const fields = kind === undefined || more.length > 0 ? undefined : node[kind];
  return kind !== undefined && isNode(fields) ? (RULES[kind]?.(fields, context) ?? node) : node;
}

/** A name that is free on Redshift may be a keyword of DuckDB's, such as `at`; AS may be followed by any word. */
function quoted(name: Node, field: string): Node {
  if (!name['quoted'] && field !== 'alias' && isReserved(nameOf(name))) throw reservedWord(nameOf(name));
  return { ...name, quoted: true };
}

const isIdentifier = ({ name, quoted, args }: Node): boolean =>
  typeof name === 'string' && typeof quoted === 'boolean' && args === undefined && name !== 'default';

/** What stands for a node; undefined where it stays. */
type Rule = (fields: Node, context: RewriteContext) => Node | undefined;
/** Redshift raises an error where DuckDB gives null. */
const division =
  (operator: 'div' | 'mod', left: string, right: string): Rule =>
  (fields) =>
    isOtherThanZero(fields[right]) ? undefined : call(`rs_${operator}`, fields[left], fields[right]);
/** A backslash escapes in a pattern unless another character was named. */
const pattern =
  (kind: string): Rule =>
  (fields, { texts }) =>
    fields['escape'] ? undefined : { [kind]: { ...fields, escape: textNode(texts.setAside('\\')) } };

const RULES: Readonly<Record<string, Rule>> = {
  cast: rewriteCast,
  literal: rewriteLiteral,
  function: ({ name }) => {
    requireFunction(String(name).toLowerCase());
    return undefined;
  },
  div: division('div', 'left', 'right'),
  mod: division('mod', 'left', 'right'),
  mod_func: division('mod', 'this', 'expression'),
  like: pattern('like'),
  i_like: pattern('i_like'),
  is_null: ({ this: value, not }) => (not ? { not: { this: call('rs_is_null', value) } } : call('rs_is_null', value)),
  regexp_like: ({ this: text, pattern: expression }) => call('regexp_matches', text, expression),
  regexp_i_like: ({ this: text, expression }) => call('regexp_matches', text, expression, textNode('i')),
  substring: ({ this: text, start, length }) => call('rs_substring', text, start, ...(length ? [length] : [])),
  // The exact count is within the error of Redshift's estimate.
  approx_distinct: ({ this: value }) => ({ count: { this: value, star: false, distinct: true } }),
  count: ({ this: value, distinct }) =>
    distinct && isNode(value) && 'tuple' in value ? refuse('COUNT(DISTINCT …) of several columns') : undefined,
  list_agg: ({ separator, ...fields }) => ({ list_agg: { ...fields, separator: separator || textNode('') } }),
  within_group: ({ this: inner, order_by }) =>
    isNode(inner) && isNode(inner['list_agg'])
      ? { list_agg: { ...inner['list_agg'], order_by } }
      : refuse('WITHIN GROUP of another function than LISTAGG'),
  window_function: requireWindow,
  subscript: ({ index }) => (isCount(index) ? undefined : refuse('an array index that is not a number from 0 on')),
  subquery: ({ this: query }) => (isNode(query) && 'values' in query ? refuseValues() : undefined),
  select: requireRowCounts,
  union: requireRowCounts,
  intersect: requireRowCounts,
  except: requireRowCounts,
};

function requireRowCounts(fields: Node): undefined {
  for (const clause of ['limit', 'offset', 'top']) {
    const number = fields[clause];
    if (isNode(number) && !isCount(number['this'] ?? number))
      refuse(`${clause.toUpperCase()} with anything but a number`);
  }
}

function refuse(what: string, instead?: string): never {
  throw notDone(what, instead);
}

function refuseValues(): never {
  throw new RedshiftError('ERROR: Redshift takes VALUES in INSERT only. Use SELECT … UNION ALL SELECT …');
}

const isOtherThanZero = (tree: Tree): boolean => (numberOf(tree) ?? 0) !== 0;

/** Of tables and columns. */
function* aliases(tree: Tree): Generator<string> {
  if (Array.isArray(tree)) for (const item of tree) yield* aliases(item);
  if (!isNode(tree)) return;
  if (isNode(tree['alias'])) yield nameOf(tree['alias']);
  for (const value of Object.values(tree)) yield* aliases(value);
}

function* cteNames(tree: Tree): Generator<string> {
  if (Array.isArray(tree)) for (const item of tree) yield* cteNames(item);
  if (!isNode(tree)) return;
  for (const [key, value] of Object.entries(tree)) {
    if (key === 'ctes' && Array.isArray(value))
      yield* value.flatMap((cte) => (isNode(cte) ? [nameOf(cte['alias'])] : []));
    yield* cteNames(value);
  }
}
