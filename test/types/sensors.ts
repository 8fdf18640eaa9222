/** The examples of `docs/task-types.md`, "Sensors": what follows the first block stands there too. */
import { Dag, objects, pipeline, text, use } from '#sluice';
import { dateTimeSensor } from '#tasks/date-time-sensor/task.ts';
import { pipelineRunSensor } from '#tasks/pipeline-run-sensor/task.ts';
import { s3KeySensor } from '#tasks/s3-key-sensor/task.ts';
import { sqlSensor } from '#tasks/sql-sensor/task.ts';

export const dag = new Dag('orders', { schedule: '@daily', startDate: '2026-01-01' });

dag.task('morning', dateTimeSensor({ after: '5h' }), { pokeInterval: '10m' });

const key = text`orders/${dag.run.date}.csv`;
const file = dag.task('file', s3KeySensor({ in: objects('partner-exports', 'orders/'), key }));

const params = { day: dag.run.logicalDate, bytes: file.output.bytes };
const ready = sqlSensor({ connection: use('redshift', 'warehouse'), file: 'sql/orders/ready.sql', params });
dag.task('ready', ready, { softFail: true });

dag.task('issues', pipelineRunSensor({ pipeline: pipeline('github-to-redshift') }), {
  timeout: '1d',
  pokeInterval: '5m',
});
