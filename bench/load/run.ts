/**
 * Rows a second from a source's records to a warehouse table by upsert, at sizes that should make no difference: rows a
 * second stay, and so does the memory of the tasks. Of the rows, half are new to the table and half update a stored one.
 *
 * `extract` writes records, flattened rows and the manifest to S3; `load` copies the rows to a staging table, judges,
 * upserts and reconciles them. Each runs in a process of its own against the embedded S3 and warehouse, which run in
 * this one. `duckdb` is the same upsert without any of that: DuckDB merges the same records from the disk.
 *
 * usage: node bench/load/run.ts [--rows 10000,100000,1000000]
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Extracted } from '../../lib/contract/extracted.ts';
import { BUCKET, openWarehouseAws } from '../../test/worlds/warehouse-aws.ts';
import { measuredTask } from '../measured.ts';
import { TABLE } from './comments.ts';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '10000,100000,1000000' } } });
const sizes = values.rows.split(',').map(Number);
const beside = (name: string) => new URL(name, import.meta.url).pathname;

async function measure(rows: number) {
  const aws = await openWarehouseAws();
  try {
    aws.describeFunction([TABLE]);
    const files = async ({ manifest }: Extracted) => {
      const { raw } = JSON.parse((await aws.bytes(manifest)).toString()) as { raw: { key: string }[] };
      return JSON.stringify(raw.map(({ key }) => aws.s3.pathOf(BUCKET, key)));
    };
    const own = join(aws.dir, 'alternative.duckdb');
    const stored = await measuredTask<Extracted>(beside('task.ts'), 'extract', rows / 2, 1);
    await measuredTask(beside('task.ts'), 'load', JSON.stringify(stored.output), 1);
    await measuredTask(beside('duckdb.ts'), own, await files(stored.output));

    const extract = await measuredTask<Extracted>(beside('task.ts'), 'extract', rows, 2);
    const load = await measuredTask<{ rows: number }>(beside('task.ts'), 'load', JSON.stringify(extract.output), 2);
    const duckdb = await measuredTask<{ rows: number }>(beside('duckdb.ts'), own, await files(extract.output));
    if (load.output.rows !== rows || duckdb.output.rows !== rows) {
      throw new Error(`${rows} rows: ${load.output.rows} were loaded, DuckDB holds ${duckdb.output.rows}.`);
    }
    return { rows, jobs: { extract, load, duckdb } };
  } finally {
    await aws.close();
  }
}

type Result = Awaited<ReturnType<typeof measure>>;
type Job = keyof Result['jobs'];
const speed = ({ rows, jobs }: Result, job: Job) => rows / jobs[job].seconds;
const both = ({ rows, jobs: { extract, load } }: Result) => rows / (extract.seconds + load.seconds);
/** Microseconds of CPU a row: steadier than the clock where the machine does other things as well. */
const cpuARow = ({ rows, jobs }: Result, job: Job) => (1e6 * jobs[job].cpu) / rows;

function show(result: Result, first: Result): void {
  console.log(`${result.rows} rows (ratios: against ${first.rows})`);
  for (const job of ['extract', 'load', 'duckdb'] as const) {
    const { seconds, rss } = result.jobs[job];
    const cells = [
      job.padEnd(7),
      `${speed(result, job).toFixed(0).padStart(7)} rows/s × ${(speed(result, job) / speed(first, job)).toFixed(2)}`,
      `${seconds.toFixed(1).padStart(6)} s`,
      `${cpuARow(result, job).toFixed(0).padStart(5)} µs CPU a row × ${(cpuARow(result, job) / cpuARow(first, job)).toFixed(2)}`,
      `${rss.toFixed(0).padStart(5)} MiB × ${(rss / first.jobs[job].rss).toFixed(2)}`,
    ];
    console.log(`  ${cells.join('  ')}`);
  }
  const times = speed(result, 'duckdb') / both(result);
  console.log(`  both    ${both(result).toFixed(0).padStart(7)} rows/s; duckdb is ${times.toFixed(1)} times as fast`);
}

let first: Result | undefined;
for (const rows of sizes) {
  const result = await measure(rows);
  first ??= result;
  show(result, first);
}
