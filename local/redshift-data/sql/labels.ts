/** Names of result columns as Redshift gives them: DuckDB would print the expression. */
import { MACRO_PREFIX } from './functions.ts';
import { identifier, isNode, type Node, nameOf, type Tree } from './tree.ts';

const NAMELESS = '?column?';
/** Aggregates and others that the tree has a kind of node for, by that kind. */
const NAMED_BY_KIND = new Set([
  'count',
  'max',
  'min',
  'sum',
  'coalesce',
  'nullif',
  'case',
  'lower',
  'upper',
  'abs',
  'round',
]);

/** The statement, its first SELECT's columns named. */
export function labelColumns(statement: Node): Node {
  const [kind = ''] = Object.keys(statement);
  const fields = statement[kind];
  if (!isNode(fields)) return statement;
  if (kind === 'select' && Array.isArray(fields['expressions'])) {
    return { select: { ...fields, expressions: fields['expressions'].map(labelled) } };
  }
  const side = kind === 'subquery' ? 'this' : 'left';
  const inner = fields[side];
  const isQuery = ['subquery', 'union', 'except', 'intersect'].includes(kind) && isNode(inner);
  return isQuery ? { [kind]: { ...fields, [side]: labelColumns(inner) } } : statement;
}

function labelled(expression: Tree): Tree {
  if (!isNode(expression)) return expression;
  const [kind = ''] = Object.keys(expression);
  if (['alias', 'column', 'star', 'dot'].includes(kind)) return expression;
  return {
    alias: {
      this: expression,
      alias: identifier(labelOf(kind, expression[kind])),
      column_aliases: [],
      alias_explicit_as: true,
      pre_alias_comments: [],
      trailing_comments: [],
    },
  };
}

function labelOf(kind: string, fields: Tree): string {
  if (!isNode(fields)) return NAMELESS;
  if (kind === 'cast') return columnName(fields['this']) ?? NAMELESS;
  if (kind === 'window_function') {
    const inner = fields['this'];
    const [innerKind = ''] = isNode(inner) ? Object.keys(inner) : [];
    return isNode(inner) ? labelOf(innerKind, inner[innerKind]) : NAMELESS;
  }
  if (kind === 'function') return functionLabel(fields);
  if (NAMED_BY_KIND.has(kind)) return kind;
  return typeof fields['name'] === 'string' ? fields['name'].toLowerCase() : NAMELESS;
}

/** A cast of ours is named like what it casts. */
function functionLabel({ name, args }: Node): string {
  const label = String(name).toLowerCase();
  const isCast = /^rs_(int\d|float\d|varchar|text|bool|date|timestamp|timestamptz|super)$/.test(label);
  if (isCast && Array.isArray(args)) return columnName(args[0]) ?? NAMELESS;
  if (label === 'rs_extract') return 'date_part';
  return /^rs_(div|mod|finite|is_null)$/.test(label) ? NAMELESS : label.replace(MACRO_PREFIX, '');
}

const columnName = (expression: Tree): string | undefined =>
  isNode(expression) && isNode(expression['column']) ? nameOf(expression['column']['name']) : undefined;
