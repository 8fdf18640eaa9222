/**
 * A task of the pipeline, alone in a process, as a Lambda runs it. The process's environment names the lake, the warehouse
 * and the connection that leads to the files.
 *
 * usage: task.ts extract <path> | task.ts load <output of the extract> <table> | task.ts merge <name of the SQL file>
 */
import type { Run } from '../../lib/contract/envelope.ts';
import { events, songs } from '../../lib/pipelines/songplays/tables.ts';
import { cpuOfProcess, peakOfProcess } from '../load/used.ts';
import { DAY, HEADER } from './events.ts';

const [job, subject = '', table = ''] = process.argv.slice(2);
const start = `${DAY}T00:00:00Z`;
const run: Run = {
  dagId: 'songplays',
  runId: '20181101T000000Z',
  logicalDate: start,
  dataInterval: { start, end: '2018-11-02T00:00:00Z' },
  clearing: 1,
  execution: 'bench',
  params: {},
};
const eventOf = (input: object) => ({ run, task: { id: `${job} ${table || subject}`, attempt: 1 }, input });
const warehouse = { connection: 'warehouse', type: 'redshift' };

async function extract() {
  const { handler } = await import('../../lambdas/tasks/file-to-s3/handler.ts');
  const isCsv = subject.endsWith('.csv');
  const to = isCsv ? events : songs;
  return handler(
    eventOf({
      connection: { connection: 'music-app', type: 'http' },
      path: subject,
      format: isCsv ? { csv: { header: HEADER } } : 'ndjson',
      to: { kind: 'lake', dataset: to.name, table: to.name },
    }),
  );
}

async function load() {
  const { handler } = await import('../../lambdas/tasks/s3-to-warehouse/handler.ts');
  const into = { kind: 'table', dataset: table };
  return handler(eventOf({ connection: warehouse, from: JSON.parse(subject), table: into, mode: 'append' }));
}

async function merge() {
  const { handler } = await import('../../lambdas/tasks/warehouse-sql/handler.ts');
  const params = ['songplays', 'users'].includes(subject) ? { params: { day: start } } : {};
  return handler(eventOf({ connection: warehouse, file: `sql/songplays/${subject}.sql`, ...params }));
}

const begun = performance.now();
const output = await { extract, load, merge }[job as 'extract']();
const seconds = (performance.now() - begun) / 1000;
console.log(JSON.stringify({ output, seconds, cpu: cpuOfProcess(), rss: peakOfProcess() }));
