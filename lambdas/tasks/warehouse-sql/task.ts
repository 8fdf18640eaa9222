import * as z from 'zod';
import { wrongNames } from '#lib/sql/parameters.ts';
import { dataset, isLater, projectFile, taskType, warehouse } from '#sluice';

/**
 * Runs the statements of a SQL file in one transaction.
 *
 * A `:name` in the file is a value of `params`, or, after FROM or JOIN, a relation of `relations`. Synth refuses a
 * file whose names are not exactly those of both. `::` casts, literals and comments hold no names.
 *
 * @example
 * // insert into report.totals select :day, count(*) from :issues as issue where issue.state = 'open';
 * warehouseSql({
 *   connection: warehouse,
 *   file: 'sql/report/totals.sql',
 *   params: { day: dag.run.logicalDate },
 *   relations: { issues: ['github_data.a_issues', 'github_data.b_issues'] },
 * });
 */
export const warehouseSql = taskType('warehouse-sql', {
  input: z.object({
    connection: warehouse(),
    /** From the project's root: `sql/<pipeline>/<name>.sql`. */
    file: projectFile('.sql'),
    /** Bound as values, never as text of the statement. */
    params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
    /**
     * Tables of the same shape that the file reads as one. The name stands for
     * `(select <columns> from <table> union all select <columns> from <table> …)`, the columns being those that the
     * first table's declaration lists (a child table's too), so that the tables' own column order does not matter.
     */
    relations: z.record(z.string(), z.array(z.string()).min(1)).optional(),
    /**
     * `<schema>.<table>`, declared in the pipeline's tables: the table that the file fills. It is there with its declared
     * columns when the file runs: created where absent, columns that are lacking added. What cannot be added is refused.
     */
    table: dataset('use').optional(),
  }),
  output: z.object({
    /** Rows that the last statement gave or changed. */
    rows: z.int(),
    /** Of a run that goes from raw: a table of `relations` holds a newer logical date, and nothing was run. */
    superseded: z.literal(true).optional(),
  }),
  check: ({ file, params, relations }, { read }) =>
    isLater(file) ? [] : wrongNames(file, read(file), [params, relations]),
});
