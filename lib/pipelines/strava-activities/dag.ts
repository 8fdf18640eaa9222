import * as z from 'zod';
import { Dag, raw, table, use } from '#sluice';
import { restToS3 } from '#tasks/rest-to-s3/task.ts';
import { s3ToWarehouse } from '#tasks/s3-to-warehouse/task.ts';
import { warehouseSql } from '#tasks/warehouse-sql/task.ts';
import { warehouseWatermark } from '#tasks/warehouse-watermark/task.ts';
import { athletes, FULL_EVERY_DAYS, lag, limits, warehouse } from './config.ts';
import { activities, listed } from './tables.ts';

export const dag = new Dag('strava-activities', {
  schedule: '@hourly',
  startDate: '2025-01-01',
  // Strava knows only the present: a date that was missed cannot be read any more.
  catchup: false,
  snapshot: true,
  maxActiveRuns: 1,
  params: z.object({
    /** Asks for everything. */
    full: z.boolean().default(false),
  }),
  defaults: { retries: 2, retryDelay: '1m' },
});

const decided = warehouseWatermark({
  connection: warehouse,
  tables: [listed.name],
  fullEveryDays: FULL_EVERY_DAYS,
  full: dag.params.full,
});
const watermark = dag.task('watermark', decided);

const extracts = athletes.map(({ name, connection }) =>
  dag.task(
    `extract_${name}`,
    restToS3({
      connection: use('oauth2', connection),
      path: '/athlete/activities',
      query: { per_page: 200 },
      pages: { by: 'page', parameter: 'page' },
      since: { at: watermark.output.since, lag, parameter: 'after', as: 'seconds' },
      limits,
      to: raw('activities', { table: listed.name }),
    }),
  ),
);

const from = extracts.map(({ output }) => output);
const load = s3ToWarehouse({
  connection: warehouse,
  from,
  table: table(listed.name),
  mode: watermark.output.mode,
});
const loaded = dag.task('load', load);

const merge = warehouseSql({
  connection: warehouse,
  file: 'sql/strava-activities/activities.sql',
  params: { logical_date: dag.run.logicalDate },
  relations: { listed: [listed.name] },
  table: table(activities.name),
});
const merged = dag.task('activities', merge).after(loaded);
const view = warehouseSql({ connection: warehouse, file: 'sql/strava-activities/day_results.sql' });
dag.task('day_results', view).after(merged);

export { latestDays as result } from './result.ts';
export { tables } from './tables.ts';
