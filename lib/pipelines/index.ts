import * as z from 'zod';
import { type TableDeclaration, tableDeclaration } from '#lib/contract/table.ts';
import type { Graph } from '#lib/dag/index.ts';
import { dag as githubToRedshift } from './github-to-redshift/dag.ts';
import { openIssueCount } from './github-to-redshift/result.ts';
import { tables as githubTables } from './github-to-redshift/tables.ts';
import { dag as songplays } from './songplays/dag.ts';
import { plays } from './songplays/result.ts';
import { tables as songplaysTables } from './songplays/tables.ts';

/** A DAG with the tables that its tasks fill. */
export interface Pipeline {
  readonly dag: { readonly id: string; readonly options: { readonly params?: z.ZodObject }; graph(): Graph };
  readonly tables: readonly TableDeclaration[];
  /** The statement that shows what a run came to, for its logical date. */
  readonly result?: (logicalDate: string) => string;
}

/** Every pipeline of the app by its name, which is its DAG's id. */
export const pipelines: Readonly<Record<string, Pipeline>> = {
  'github-to-redshift': {
    dag: githubToRedshift,
    tables: z.array(tableDeclaration).parse(githubTables),
    result: openIssueCount,
  },
  songplays: {
    dag: songplays,
    tables: z.array(tableDeclaration).parse(songplaysTables),
    result: plays,
  },
};
