import * as z from 'zod';
import { taskType, warehouse } from '#sluice';

/**
 * Looks up how far tables are loaded, and decides by it how a run goes on: by what changed since, or by a full pass.
 *
 * @example
 * const watermark = dag.task('watermark', warehouseWatermark({ connection, tables: ['a.issues'], fullEveryDays: 7 }));
 * const extract = dag.map('extract', list.output.names, (repository) =>
 *   githubRepositoryToS3({ ...of, repository, since: { issues: watermark.output.since } }),
 * );
 * dag.task('load', s3ToWarehouse({ ...into, from: extract.output, mode: watermark.output.mode }));
 */
export const warehouseWatermark = taskType('warehouse-watermark', {
  input: z.object({
    connection: warehouse(),
    /** `<schema>.<table>`, declared: those that the decision is for. Child tables count with their own. */
    tables: z.array(z.string()).min(1),
    /** Days from one full pass to the next, by logical dates. */
    fullEveryDays: z.int().min(1),
    /** Makes this run a full pass. */
    full: z.boolean().optional(),
  }),
  output: z.object({
    /**
     * The logical date of the newest earlier run that is loaded into all of the tables. It extracted after that, so what
     * did not change since is in them. Null in a full pass.
     */
    since: z.string().nullable(),
    /** What loads do with what the extracts give. */
    mode: z.enum(['upsert', 'rebuild']),
  }),
});
