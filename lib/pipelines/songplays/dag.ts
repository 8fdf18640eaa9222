import type { Extracted } from '#lib/contract/extracted.ts';
import { Dag, published, type Ref, raw, table, text, use } from '#sluice';
import { bash } from '#tasks/bash/task.ts';
import { dataQuality } from '#tasks/data-quality/task.ts';
import { email } from '#tasks/email/task.ts';
import { fileToS3 } from '#tasks/file-to-s3/task.ts';
import { htmlReport } from '#tasks/html-report/task.ts';
import { httpSensor } from '#tasks/http-sensor/task.ts';
import { logisticRegression } from '#tasks/logistic-regression/task.ts';
import { s3ToWarehouse } from '#tasks/s3-to-warehouse/task.ts';
import { warehouseSql } from '#tasks/warehouse-sql/task.ts';
import { checks } from './quality.ts';
import { charts } from './report.ts';
import { events, songs } from './tables.ts';

const connection = use('http', 'music-app');
const warehouse = use('redshift', 'warehouse');

export const dag = new Dag('songplays', {
  schedule: '@daily',
  startDate: '2018-11-01',
  catchup: false,
  defaults: { retries: 2, retryDelay: '30s' },
});
const day = dag.run.dataInterval.start;

const path = text`log_data/${dag.run.date}-events.json`;
const file = dag.task('wait_for_log_events', httpSensor({ connection, path, method: 'HEAD' }), { pokeInterval: '5m' });
const toEvents = raw('log_events', { table: events.name });
const extract = dag
  .task('extract_log_events', fileToS3({ connection, path, format: 'ndjson', to: toEvents }))
  .after(file);
const toSongs = raw('songs', { table: songs.name });
const script = 'lib/pipelines/songplays/download-songs.sh';
const download = dag.task('download_songs', bash({ file: script, connection, to: toSongs }));

const load = (id: string, from: Ref<Extracted>, into: string) =>
  dag.task(id, s3ToWarehouse({ connection: warehouse, from, table: table(into), mode: 'append' }));
const loadEvents = load('load_log_events', extract.output, events.name);
// A script with a dataset always gives it.
const loadSongs = load('load_songs', download.output.extracted as Ref<Extracted>, songs.name);

const sql = (id: string, name: string, params?: { day: Ref<string> }) =>
  dag.task(id, warehouseSql({ connection: warehouse, file: `sql/songplays/${name}.sql`, ...(params && { params }) }));
const fact = sql('create_fact_table_songplay', 'songplays', { day }).after(loadEvents, loadSongs);
const dimensions = [
  sql('create_data_dimension_songs', 'songs'),
  sql('create_data_dimension_artists', 'artists'),
  sql('create_data_dimension_time', 'time'),
  sql('create_data_dimension_users', 'users', { day }),
];
for (const dimension of dimensions) dimension.after(fact);

const quality = dag
  .task('check_data_quality', dataQuality({ connection: warehouse, checks: checks(day) }))
  .after(...dimensions);
// Whether a user comes again next week. Of the first week nothing is known yet: it is skipped.
const active = { name: 'still_active', file: 'sql/songplays/still_active.sql' } as const;
const until = dag.run.dataInterval.end;
const model = dag
  .task('fit_model_still_active', logisticRegression({ connection: warehouse, ...active, params: { until } }))
  .after(quality);
// A check that fails stops it; a model that is skipped does not.
const publish = dag
  .task(
    'publish_report',
    htmlReport({ connection: warehouse, title: 'Songplays', charts: charts(day), to: published }),
    {
      triggerRule: 'none_failed',
    },
  )
  .after(model);
dag.empty('stop').after(publish);

// Whatever became of the others.
dag
  .task('cleanup', warehouseSql({ connection: warehouse, file: 'sql/songplays/cleanup.sql' }), {
    triggerRule: 'all_done',
  })
  .after(quality);
// One of them may fail and be run again; without both there is nothing of the day.
const message = text`Neither events nor songs of ${dag.run.date} could be loaded.`;
dag
  .task('notice_nothing_loaded', email({ to: use('email', 'alerts'), subject: 'songplays: nothing loaded', message }), {
    triggerRule: 'all_failed',
  })
  .after(loadEvents, loadSongs);

export { plays as result } from './result.ts';
export { tables } from './tables.ts';
