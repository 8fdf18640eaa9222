import * as z from 'zod';
import { wrongNames } from '#lib/sql/parameters.ts';
import { isLater, projectFile, taskType, warehouse } from '#sluice';

/**
 * Waits until a query says so (Airflow: SqlSensor): the first column of its first row is neither null, false, zero nor
 * the empty text. Of several statements, the last one is asked.
 * A look costs a minute of Redshift Serverless at the least, so without a `pokeInterval` it looks every ten.
 *
 * @example
 * // select count(*) from sales.orders where day = cast(:day as date)
 * dag.task('orders-are-in', sqlSensor({ connection: warehouse, file: 'sql/report/orders_are_in.sql', params: { day } }));
 */
export const sqlSensor = taskType('sql-sensor', {
  kind: 'sensor',
  pokeInterval: '10m',
  input: z.object({
    connection: warehouse(),
    /** From the project's root: `sql/<pipeline>/<name>.sql`. Its `:name`s are those of `params`, as for warehouse-sql. */
    file: projectFile('.sql'),
    /** Bound as values, never as text of the query. */
    params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  }),
  output: z.object({
    /** What was found. */
    value: z.union([z.string(), z.number(), z.boolean()]),
  }),
  check: ({ file, params }, { read }) => (isLater(file) ? [] : wrongNames(file, read(file), [params])),
});
