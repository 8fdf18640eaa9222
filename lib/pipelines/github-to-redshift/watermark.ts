/** How a run goes on from what is loaded: by what changed since, or by a full pass. */

import * as z from 'zod';
import { type Dag, use } from '#sluice';
import { warehouseWatermark } from '#tasks/warehouse-watermark/task.ts';
import { type Fetched, FULL_EVERY_DAYS } from './config.ts';
import { tableName } from './tables.ts';

/** What a run may be started with. */
export const params = z.object({
  /** Asks for everything, also of what is upserted. */
  full: z.boolean().default(false),
});
export type GithubDag = Dag<typeof params>;

export type Watermark = ReturnType<typeof watermarkOf>;

/**
 * One task an organisation, so that one that is added later begins with a full pass of its own. Undefined where all that
 * is wanted is rebuilt.
 */
export function watermarkOf(dag: GithubDag, org: string, wanted: readonly Fetched[]) {
  const upserted = wanted.filter(({ mode }) => mode === 'upsert');
  if (upserted.length === 0) return undefined;
  const decided = warehouseWatermark({
    connection: use('redshift', 'warehouse'),
    tables: upserted.map(({ object }) => tableName(org, object)),
    fullEveryDays: FULL_EVERY_DAYS,
    full: dag.params.full,
  });
  return dag.task(`watermark_${org}`, decided);
}
