/**
 * What the lake needs for a volume of issues, against the usual way in Python: CPU and memory, each measured by a
 * process of its own on the same generated file. `rows` is the same job, with validation; `extract` is what a task
 * does, which keeps the records beside their rows and so compresses about twice as much.
 *
 * usage: node bench/flatten/run.ts [--mb 300]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { GZIP_LEVEL } from '#lambdas/lake/writers/ndjson-gzip.ts';
import { issueText } from '../../local/sources/github/index.ts';
import { AS_IN_LAMBDA, bundle } from '../bundled.ts';

interface Used {
  readonly rows: number;
  /** Seconds of CPU, all threads. */
  readonly cpu: number;
  /** Peak, MiB. */
  readonly rss: number;
}

const { values } = parseArgs({ options: { mb: { type: 'string', default: '300' } } });
const megabytes = Number(values.mb);
const dir = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const source = join(dir, 'issues.ndjson');
const beside = (name: string) => new URL(name, import.meta.url).pathname;

function* lines(bytes: number) {
  let left = bytes;
  for (let n = 1; left > 0; n++) {
    const text = issueText(1, n);
    left -= text.length + 1;
    yield `${text}\n`;
  }
}

const measured = (command: string, ...args: string[]) =>
  JSON.parse(execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })) as Used;

function shown(name: string, { rows, cpu, rss }: Used, base?: Used) {
  const ratios = base ? `  ratios: CPU ${(cpu / base.cpu).toFixed(2)}, RSS ${(rss / base.rss).toFixed(1)}` : '';
  console.log(`${name.padEnd(8)} ${rows} rows  ${cpu.toFixed(1)} s CPU  ${rss.toFixed(0)} MiB RSS${ratios}`);
}

function python(): Used | undefined {
  if (spawnSync('python3', ['--version']).error) {
    console.log('python   skipped: there is no python3 here');
    return undefined;
  }
  return measured('python3', beside('baseline.py'), source, join(dir, 'python.gz'), String(GZIP_LEVEL));
}

try {
  await pipeline(lines(megabytes * 1e6), createWriteStream(source));
  console.log(`${megabytes} MB of issues, gzip level ${GZIP_LEVEL}`);
  const ours = [...AS_IN_LAMBDA, await bundle(beside('ours.ts'), join(dir, 'bundle'))];
  const base = python();
  if (base) shown('python', base);
  for (const job of ['rows', 'extract']) {
    const used = measured(process.execPath, ...ours, job, source, join(dir, job));
    shown(job, used, base);
    if (base && base.rows !== used.rows) throw new Error(`${job} gave ${used.rows} rows, python ${base.rows}`);
  }
} finally {
  rmSync(dir, { recursive: true });
}
