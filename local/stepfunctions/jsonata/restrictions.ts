import { isObject, type Json } from '../json.ts';

/** Parts of a JSONata syntax tree that are evaluated against a context value of their own. */
const OWN_CONTEXT = new Set(['stages', 'predicate', 'group', 'pattern', 'update', 'delete', 'terms']);

const FORBIDDEN: Record<string, (node: { value?: Json }) => string | undefined> = {
  name: (node) => `the unqualified name '${node.value}'`,
  wildcard: () => "'*'",
  descendant: () => "'**'",
  variable: (node) => (node.value === '' || node.value === '$' ? `'$${node.value}'` : undefined),
};

/**
 * What of an expression refers to an input document that Step Functions does not give it:
 * `$`, `$$` and unqualified names outside any path step, filter, sort or grouping.
 */
export function topLevelReferences(syntaxTree: unknown): string[] {
  const found: string[] = [];
  visit(syntaxTree, found);
  return [...new Set(found)];
}

function visit(node: unknown, found: string[]): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, found);
    return;
  }
  if (!isObject(node)) return;
  const reference = FORBIDDEN[String(node['type'])]?.(node);
  if (reference) found.push(reference);
  for (const [name, child] of Object.entries(node)) {
    if (OWN_CONTEXT.has(name) || name === 'value') continue;
    visit(name === 'steps' && Array.isArray(child) ? child[0] : child, found);
  }
}
