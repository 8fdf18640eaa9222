import * as z from 'zod';
import { extracts } from '#lib/contract/extracted.ts';
import { dataset, isLater, taskType, warehouse } from '#sluice';

/** Loads what one extract, or a mapped one, left in the lake into a table and its child tables. */
export const s3ToWarehouse = taskType('s3-to-warehouse', {
  input: z.object({
    connection: warehouse(),
    from: extracts,
    /** `<schema>.<table>`, declared in the pipeline's tables. */
    table: dataset('write'),
    /**
     * What becomes of the rows that the table holds. Whatever the mode, one row a primary key is loaded, a load again
     * gives the same table, and readers see the rows of before or those of after.
     *
     * - `append`: rows of other data intervals stay; those that this task loaded for this interval are replaced
     * - `truncate`: all are replaced
     * - `rebuild`: all are replaced, and the table is created anew where its shape is not the declared one any more
     * - `upsert`: each row is inserted, or updates the stored row of its key unless that has a higher `incrementalKey`;
     *   what the record does not have stays as it is stored, a null sets null
     */
    mode: z.enum(['append', 'truncate', 'rebuild', 'upsert']),
  }),
  output: z.object({
    /** Rows that the load inserted or updated. */
    rows: z.int(),
    /** The same of its child tables, together. */
    childRows: z.int(),
    /** Fields of the records that no column takes; their names are in the extract's manifests. Absent: none. */
    unloaded: z.object({ table: z.string(), fields: z.int() }).optional(),
    /** Of a run that goes from raw: the table holds a newer logical date, and was not changed. */
    superseded: z.literal(true).optional(),
  }),
  check: ({ mode, table: { dataset: name } }, { tables }) => {
    const declared = tables.find((one) => one.name === name);
    if (!declared) return [`${name} is not declared in the pipeline's tables`];
    // A mode that is only known in the run may be an upsert, and nothing but the key says which of two rows is newer.
    const upserts = mode === 'upsert' || isLater(mode);
    if (!upserts || declared.incrementalKey !== undefined) return [];
    return [`upserts ${name}, whose declaration in tables.ts says no incrementalKey`];
  },
});
