import * as z from 'zod';
import { wrongNames } from '#lib/sql/parameters.ts';
import { dataset, isLater, projectFile, taskType, warehouse } from '#sluice';

/** What a chart shows: bars, one series for each column after the first, or the rows as they are. */
export const chartKind = z.enum(['bar', 'table']);

/**
 * Publishes queries as one HTML file with charts, which loads nothing from elsewhere, and the rows of each as CSV. They
 * lie at keys that stay the same, `published/<pipeline>/report.html` and `published/<pipeline>/<chart>.csv`, with a copy
 * for each logical date below `dt=<date>/`; `sluice open <pipeline>` says where. A pipeline has one report.
 *
 * @example
 * // select country, count(*) as orders from shop.orders group by country order by orders desc limit 10
 * const countries = { name: 'countries', title: 'Orders by country', kind: 'bar', file: 'sql/shop/countries.sql' } as const;
 * dag.task('publish', htmlReport({ connection: warehouse, title: 'Orders', charts: [countries], to: published }));
 */
export const htmlReport = taskType('html-report', {
  input: z.object({
    connection: warehouse(),
    title: z.string(),
    charts: z
      .array(
        z.object({
          /** Of its CSV file; of its own among the task's charts. */
          name: z.string().regex(/^[a-z0-9_-]+$/, 'no name of small letters, digits, _ and -'),
          title: z.string(),
          kind: chartKind,
          /** One query, of 1,000 rows at the most. Of bars, the first column is the label, the others are numbers. */
          file: projectFile('.sql'),
          /** Bound as values, never as text of the query. */
          params: z.record(z.string(), z.string()).optional(),
        }),
      )
      .min(1),
    /** `published`. */
    to: dataset('write'),
  }),
  output: z.object({
    /** The key of the HTML file. */
    published: z.string(),
    charts: z.int(),
  }),
  check: ({ charts, to }, { read }) => [
    ...(to.kind === 'published' ? [] : [`to: '${to.dataset}' is not where reports lie. Write to: published`]),
    ...(isLater(charts) ? [] : charts).flatMap((chart) => {
      if (isLater(chart) || isLater(chart.file)) return [];
      return wrongNames(chart.file, read(chart.file), [chart.params]);
    }),
  ],
});
