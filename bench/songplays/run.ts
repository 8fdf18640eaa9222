/**
 * A day's file of events from its server to the star schema, at sizes that should make no difference: megabytes a second
 * stay, and so does the memory of the tasks, which run one after the other, each in a process with the memory that a
 * Lambda of 512 MB has, against the embedded S3 and warehouse, which run in this one.
 *
 * `extract` (file-to-s3) keeps each row, cleans and checks it, and writes it for COPY; `load` (s3-to-warehouse) copies and
 * reconciles; `merge` is the five SQL files that make the star schema of it. The alternative is the original's way: Python
 * downloads the file and writes it anew, then COPY and five INSERTs, here in a DuckDB of their own.
 *
 * usage: node bench/songplays/run.ts [--mb 100,1000]
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Extracted } from '../../lib/contract/extracted.ts';
import { events, songs, tables } from '../../lib/pipelines/songplays/tables.ts';
import { openWarehouseAws, USER_SECRET, type WarehouseAws, warehouse } from '../../test/worlds/warehouse-aws.ts';
import { bundle } from '../bundled.ts';
import { type Measured, measured, measuredTask } from '../measured.ts';
import { SONGS, writeEvents } from './events.ts';

const { values } = parseArgs({ options: { mb: { type: 'string', default: '100,1000' } } });
const sizes = values.mb.split(',').map(Number);
const beside = (name: string) => new URL(name, import.meta.url).pathname;
const hasPython = !spawnSync('python3', ['--version']).error;
const ROOT = join(import.meta.dirname, '../..');
const MERGES = ['songplays', 'songs', 'artists', 'time', 'users'];
const APP_SECRET = 'app-secret';

type Step = Pick<Measured, 'seconds' | 'cpu' | 'rss'>;

const bundled = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const script = await bundle(beside('task.ts'), bundled);
const task = <T>(...args: string[]) => measuredTask<T>(script, ...args);
const sum = (steps: readonly Step[]): Step => ({
  seconds: steps.reduce((all, { seconds }) => all + seconds, 0),
  cpu: steps.reduce((all, { cpu }) => all + cpu, 0),
  rss: Math.max(...steps.map(({ rss }) => rss)),
});

/** Seconds of CPU for a megabyte, by step, at the first size. */
const first = new Map<string, number>();

function show(name: string, step: Step, mb: number): Step {
  const { seconds, cpu, rss } = step;
  const growth = cpu / mb / (first.get(name) ?? cpu / mb);
  if (!first.has(name)) first.set(name, cpu / mb);
  const speeds = `${(mb / seconds).toFixed(1).padStart(6)} MB/s  ${(mb / cpu).toFixed(1).padStart(6)} MB a second of CPU`;
  const times = `${seconds.toFixed(1).padStart(6)} s  ${cpu.toFixed(1).padStart(6)} s CPU × ${growth.toFixed(2)} a MB`;
  console.log(`  ${name.padEnd(15)} ${speeds}  ${times}  ${rss.toFixed(0).padStart(5)} MiB`);
  return step;
}

async function serve(dir: string) {
  const server = createServer(({ url = '' }, response) => {
    createReadStream(join(dir, url)).pipe(response);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

async function measure(mb: number): Promise<void> {
  const aws = await openWarehouseAws();
  const server = await serve(aws.dir);
  try {
    aws.describeFunction(tables);
    aws.setSecret(APP_SECRET, JSON.stringify({ baseUrl: server.url }));
    const connections = { [warehouse.connection]: USER_SECRET, 'music-app': APP_SECRET };
    process.env['SLUICE_CONNECTIONS'] = JSON.stringify(connections);
    symlinkSync(join(ROOT, 'sql'), join(aws.dir, 'sql'));
    writeFileSync(join(aws.dir, 'songs.ndjson'), SONGS.map((song) => `${JSON.stringify(song)}\n`).join(''));
    const rows = await writeEvents(join(aws.dir, 'events.csv'), mb * 1e6);
    console.log(`${mb} MB of events, ${rows} rows`);
    const original = hasPython ? await measureOriginal({ dir: aws.dir, url: server.url, mb, rows }) : undefined;
    const ours = await measureOurs(aws, mb, rows);
    if (!original) return;
    const ratio = (of: 'seconds' | 'cpu') => (ours[of] / original[of]).toFixed(2);
    console.log(`  against the original's way: time × ${ratio('seconds')}, CPU × ${ratio('cpu')}`);
  } finally {
    server.close();
    await aws.close();
  }
}

async function measureOurs(aws: WarehouseAws, mb: number, rows: number): Promise<Step> {
  const catalogue = await task<Extracted>('extract', 'songs.ndjson');
  await task('load', JSON.stringify(catalogue.output), songs.name);
  const extract = await task<Extracted>('extract', 'events.csv');
  show('extract', extract, mb);
  const load = await task('load', JSON.stringify(extract.output), events.name);
  show('load', load, mb);
  const merges: Measured[] = [];
  for (const name of MERGES) merges.push(await task('merge', name));
  const merge = show('merge', sum(merges), mb);
  const [counted] = await aws.query(`SELECT COUNT(*) AS rows FROM ${events.name}`);
  if (Number(counted?.['rows']) !== rows) throw new Error(`Of ${rows} rows ${counted?.['rows']} were loaded.`);
  return show('all of them', sum([extract, load, merge]), mb);
}

interface Original {
  readonly dir: string;
  readonly url: string;
  readonly mb: number;
  readonly rows: number;
}

async function measureOriginal({ dir, url, mb, rows }: Original): Promise<Step> {
  const path = join(dir, 'original.csv');
  const python = await measured<{ rows: number }>('python3', beside('original.py'), `${url}/events.csv`, path);
  show('original python', python, mb);
  const files = [join(dir, 'original.duckdb'), path, join(dir, 'songs.ndjson')];
  const sql = await measuredTask<{ rows: number }>(beside('original-sql.ts'), ...files);
  show('original sql', sql, mb);
  for (const file of files.slice(0, 2)) rmSync(file);
  const counts = [python.output.rows, sql.output.rows];
  if (counts.some((count) => count !== rows)) throw new Error(`Of ${rows} rows the original has ${counts}.`);
  return show('original way', sum([python, sql]), mb);
}

if (!hasPython) console.log("the original's way was skipped: there is no python3 here");
try {
  for (const mb of sizes) await measure(mb);
} finally {
  rmSync(bundled, { recursive: true });
}
