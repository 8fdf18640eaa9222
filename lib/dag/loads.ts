/** Loads against the declarations of their tables. */
import type { TableDeclaration } from '#lib/contract/table.ts';
import { DagError } from './errors.ts';
import type { Graph } from './graph.ts';

/**
 * Holds each load that upserts, or whose mode is told when it runs, against its table: nothing but its `incrementalKey`
 * says which of two rows is newer.
 *
 * @throws DagError that lists every problem
 */
export function checkLoads(graph: Graph, tables: readonly TableDeclaration[]): void {
  const problems = graph.tasks.flatMap(({ id, type, input }) => {
    if (type !== 's3-to-redshift') return [];
    const { mode, table } = input as { mode: unknown; table: { dataset: string } };
    const declared = tables.find(({ name }) => name === table.dataset);
    if ((mode !== 'upsert' && typeof mode === 'string') || !declared || declared.incrementalKey) return [];
    return [`${id}: upserts ${declared.name}, whose declaration in tables.ts says no incrementalKey`];
  });
  if (problems.length > 0) throw new DagError(graph.id, problems);
}
