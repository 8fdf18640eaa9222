import * as z from 'zod';
import { increment, listQuery, pagination, rateLimit, recordsPath } from '#lambdas/sources/rest/objects.ts';
import { extracted } from '#lib/contract/extracted.ts';
import { connection, dataset, isLater, taskType } from '#sluice';

/**
 * A list of a REST API as files in the lake, each record as the API sent it. A page that is unchanged since the run before
 * (ETag) is not sent again; an attempt that fails midway, or that a limit stops, is gone on with after its last page.
 *
 * @example
 * restToS3({
 *   connection: use('http', 'shop'),
 *   path: '/orders',
 *   query: { limit: 100 },
 *   pages: { by: 'cursor', at: 'meta.next', parameter: 'cursor' },
 *   records: 'data',
 *   since: { at: watermark.output.since, parameter: 'updated_since', lag: '1h' },
 *   to: raw('orders', { table: 'shop.orders' }),
 * });
 */
export const restToS3 = taskType('rest-to-s3', {
  input: z.object({
    /** With its base URL, and what a request must carry. */
    connection: connection('http', 'oauth2'),
    /** Below the base URL. */
    path: z.string(),
    query: listQuery.optional(),
    /** How the list goes on after a page. Without it there is one page. */
    pages: pagination.optional(),
    /** Where a page has its records; without it, the page is the list of them. */
    records: recordsPath.optional(),
    /** What is asked for. Without it, everything. */
    since: increment.optional(),
    /** What the headers of responses say of limits. A 429 is understood without. */
    limits: z.array(rateLimit).optional(),
    /** `raw(name, { table })`, with the table whose declaration the rows must meet. */
    to: dataset('write'),
  }),
  output: extracted,
  check: ({ since }) => {
    if (since === undefined || isLater(since)) return [];
    const told = [since.parameter, since.field].filter((one) => one !== undefined);
    return told.length === 1
      ? []
      : ['its `since` must say either the `parameter` that the API takes, or the `field` by which the list is sorted'];
  },
});
