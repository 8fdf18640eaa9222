import * as z from 'zod';
import { fileEncoding, fileFormat } from '#lambdas/sources/files/objects.ts';
import { extracted } from '#lib/contract/extracted.ts';
import { connection, dataset, location, taskType } from '#sluice';

/**
 * A file of records into the lake: over a connection of type `http`, or from a bucket. It may be gzip, begin with a byte
 * order mark, and end its lines as Windows has it. It is read as a stream; a task that is tried again goes on after the
 * rows that it has. A file that has not changed since the run before (ETag, Last-Modified) is not sent again.
 *
 * A page of HTML, an empty file, one that was cut off, a header that changed are errors that name it, and load nothing.
 *
 * @example
 * fileToS3({
 *   connection: use('http', 'partner'),
 *   path: text`/orders/${dag.run.date}.csv`,
 *   format: { csv: { header: ['id', 'amount'], delimiter: ';' } },
 *   to: raw('orders', { table: 'shop.raw_orders' }),
 * });
 */
export const fileToS3 = taskType('file-to-s3', {
  input: z.object({
    /** With `path`, below its baseUrl. */
    connection: connection('http').optional(),
    path: z.string().optional(),
    /** With `key`, the whole key, which begins with the prefix. */
    in: location().optional(),
    key: z.string().optional(),
    format: fileFormat,
    /** As browsers call it, such as `windows-1252`. Default `utf-8`. */
    encoding: fileEncoding.optional(),
    /** `raw/<name>`, with the table whose declaration the rows must meet. */
    to: dataset('write'),
  }),
  output: extracted,
});
