/** What a pipeline is, as its `dag.ts` exports it. */
import type * as z from 'zod';
import type { Facts, PipelineFacts } from '#lib/contract/facts.ts';
import type { Table, TableDeclaration } from '#lib/contract/table.ts';
import type { Graph } from '#lib/dag/index.ts';

interface Exported {
  readonly dag: {
    readonly id: string;
    readonly options: { readonly params?: z.ZodObject };
    facts(): PipelineFacts;
    graph(beside?: Omit<Facts, 'pipeline'>): Graph;
  };
  /** Those that its tasks fill. */
  readonly tables?: readonly Table[];
  /** The statement that shows what a run came to, for its logical date: of the warehouse, or of a PostgreSQL connection. */
  readonly result?: (logicalDate: string) => string | { readonly connection: string; readonly sql: string };
}
export type LoadPipeline = () => Promise<Exported>;

/** A DAG with the tables that its tasks fill. */
export interface Pipeline extends Exported {
  readonly tables: readonly TableDeclaration[];
}
