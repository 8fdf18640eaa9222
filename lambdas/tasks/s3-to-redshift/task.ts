import * as z from 'zod';
import { extracts } from '#lib/contract/extracted.ts';
import { connection, dataset, taskType } from '#lib/contract/task-type.ts';

/** Loads what one extract, or a mapped one, left in the lake into a table and its child tables. */
export const s3ToRedshift = taskType('s3-to-redshift', {
  input: z.object({
    connection: connection('redshift'),
    from: extracts,
    /** `<schema>.<table>`, declared in the pipeline's tables. */
    table: dataset('write'),
    /** `rebuild`: afterwards the table holds these rows and no others. */
    mode: z.enum(['rebuild']),
  }),
  output: z.object({
    /** Rows that the table holds of this load. */
    rows: z.int(),
    /** The same of its child tables, together. */
    childRows: z.int(),
  }),
});
