/** The transpiler's tree of a statement, as plain JSON. */
import type { SetAsideTexts } from './texts.ts';

/** `{ kind: { …fields } }` */
export type Node = { [key: string]: Tree };
export type Tree = Node | Tree[] | string | number | boolean | null | undefined;

export interface RewriteContext {
  readonly texts: SetAsideTexts;
  /** Names that the statement's WITH gives. */
  readonly ctes: ReadonlySet<string>;
  /** Names that it gives to tables and columns. */
  readonly aliases: ReadonlySet<string>;
}

export const isNode = (tree: Tree): tree is Node => typeof tree === 'object' && tree !== null && !Array.isArray(tree);

export const call = (name: string, ...args: Tree[]): Node => ({
  function: {
    name,
    args,
    distinct: false,
    trailing_comments: [],
    use_bracket_syntax: false,
    no_parens: false,
    quoted: false,
  },
});
export const numberNode = (value: number): Node => ({ literal: { literal_type: 'number', value: String(value) } });
export const textNode = (value: string): Node => ({ literal: { literal_type: 'string', value } });

/** As fields refer to it; an expression that is a name is `{ identifier: … }` or `{ column: … }`. */
export const identifier = (name: string): Node => ({ name, quoted: true, trailing_comments: [], span: null });
export const nameOf = (tree: Tree): string => (isNode(tree) ? String(tree['name']) : '');
/** Of a literal number that value. */
export const numberOf = (tree: Tree): number | undefined =>
  isNode(tree) && isNode(tree['literal']) && tree['literal']['literal_type'] === 'number'
    ? Number(tree['literal']['value'])
    : undefined;
/** Whether it is a literal whole number from 0 on. */
export const isCount = (tree: Tree): boolean => Number.isSafeInteger(numberOf(tree));
