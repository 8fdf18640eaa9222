/** Arithmetic on floats that overflows: an error on Redshift, and infinity in DuckDB. */
import { call, isNode, type Tree } from './tree.ts';

const ARITHMETIC = ['add', 'sub', 'mul'];
/** An operand's infinity is that of the whole. */
const TRANSPARENT = ['neg', 'paren'];

/** @param inside whether the result goes into arithmetic that is checked as a whole */
export function guardOverflow(tree: Tree, inside = false): Tree {
  if (Array.isArray(tree)) return tree.map((item) => guardOverflow(item));
  if (!isNode(tree)) return tree;
  const [kind = '', ...more] = Object.keys(tree);
  const isOperator = more.length === 0 && ARITHMETIC.includes(kind);
  const passes = isOperator || (inside && TRANSPARENT.includes(kind));
  const fields = tree[kind];
  if (isDivision(kind, fields)) {
    const guarded = mapFields(tree, (value) => guardOverflow(value));
    return inside ? guarded : call('rs_finite', guarded);
  }
  if (!passes || !isNode(fields)) return mapFields(tree, (value) => guardOverflow(value));
  const guarded = { [kind]: mapFields(fields, (value) => guardOverflow(value, true)) };
  return inside ? guarded : call('rs_finite', guarded);
}

/** What it divides by is checked by itself: infinity would make a zero of the whole. */
const isDivision = (kind: string, fields: Tree): boolean =>
  kind === 'div' || (kind === 'function' && isNode(fields) && fields['name'] === 'rs_div');

const mapFields = (node: { [key: string]: Tree }, change: (value: Tree) => Tree): { [key: string]: Tree } =>
  Object.fromEntries(Object.entries(node).map(([key, value]) => [key, change(value)]));
