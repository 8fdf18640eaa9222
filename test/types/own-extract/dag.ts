import { Dag, raw, table, use } from '#sluice';
import { restToS3 } from '#tasks/rest-to-s3/task.ts';
import { s3ToWarehouse } from '#tasks/s3-to-warehouse/task.ts';
import { warehouseWatermark } from '#tasks/warehouse-watermark/task.ts';
import { orders } from './tables.ts';

const warehouse = use('redshift', 'warehouse');

export const dag = new Dag('orders', {
  schedule: '@hourly',
  startDate: '2026-01-01',
  snapshot: true,
  defaults: { retries: 2, retryDelay: '1m' },
});

const progress = warehouseWatermark({ connection: warehouse, tables: [orders.name], fullEveryDays: 7 });
const watermark = dag.task('watermark', progress);

const list = restToS3({
  connection: use('http', 'shop'),
  path: '/orders',
  query: { limit: 100 },
  pages: { by: 'cursor', at: 'meta.next', parameter: 'cursor' },
  records: 'data',
  since: { at: watermark.output.since, parameter: 'updated_since', lag: '1h' },
  to: raw('orders', { table: orders.name }),
});
const extract = dag.task('extract', list);

const { mode } = watermark.output;
dag.task('load', s3ToWarehouse({ connection: warehouse, from: extract.output, table: table(orders.name), mode }));

export { tables } from './tables.ts';
