/**
 * The lake's side, alone in a process. `rows`: records are flattened, held against the declaration and written as
 * gzipped rows. `extract`: the same as an extract does it, from pages, with the records themselves kept beside the
 * rows and a manifest. Parts go to files instead of S3.
 *
 * usage: ours.ts rows|extract <input.ndjson> <output folder>
 */
import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { elementsOf } from '#lambdas/lake/formats/json-array.ts';
import { ndjson } from '#lambdas/lake/formats/ndjson.ts';
import { NdjsonGzipWriter } from '#lambdas/lake/writers/ndjson-gzip.ts';
import type { Store } from '#lib/runs/store.ts';
import { LakeAttempt } from '../../lambdas/lake/attempt.ts';
import { Staging } from '../../lambdas/lake/staging.ts';
import { logger } from '../../lambdas/runtime/log.ts';
import { tableDeclaration } from '../../lib/contract/table.ts';
import { tables } from '../../lib/pipelines/github-to-redshift/tables.ts';

const [job, source = '', target = ''] = process.argv.slice(2);
const table = tableDeclaration.parse(tables[0]);
const lines = () => ndjson(createReadStream(source), source);

async function put(key: string, body: Uint8Array | string) {
  const path = join(target, key);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, body);
}

async function rows(): Promise<number> {
  const staging = new Staging(table);
  const parent = new NdjsonGzipWriter('rows/', put);
  const children = table.children.map(({ name }) => new NdjsonGzipWriter(`${name}/`, put));
  for await (const line of lines()) {
    const staged = staging.stage(line);
    if ('reason' in staged) throw new Error(`${staged.column}: ${staged.reason}`);
    await parent.add(staged.row);
    for (const [place, childRows] of staged.children.entries()) {
      for (const row of childRows) await children[place]?.add(row);
    }
  }
  await Promise.all([parent, ...children].map((writer) => writer.close()));
  return parent.rows;
}

const PER_PAGE = 100;

async function* pages() {
  let page: Uint8Array[] = [];
  for await (const line of lines()) {
    page.push(line);
    if (page.length < PER_PAGE) continue;
    yield bodyOf(page);
    page = [];
  }
  if (page.length > 0) yield bodyOf(page);
}

/** A JSON array, as an API sends it. */
function bodyOf(records: readonly Uint8Array[]): Uint8Array {
  const parts = records.flatMap((record, place) => [Buffer.from(place === 0 ? '[' : ','), record]);
  return Buffer.concat([...parts, Buffer.from(']')]);
}

async function extract(): Promise<number> {
  const run = {
    dagId: 'bench',
    runId: '20260101T000000Z',
    logicalDate: '2026-01-01T00:00:00Z',
    dataInterval: { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' },
    clearing: 1,
    execution: 'bench',
    params: {},
  };
  const create = async (key: string, value: object) => {
    await put(key, JSON.stringify(value));
    return { written: true, etag: '' };
  };
  const store = { create } as unknown as Store;
  const log = logger({ pipeline: run.dagId, run: run.runId });
  log.setLogLevel('SILENT');
  const context = { run, task: { id: 'flatten', attempt: 1 }, store, log };
  const attempt = new LakeAttempt({ dataset: 'issues', table, put, context });
  for await (const body of pages()) {
    await attempt.add({ url: source, status: 200, fetchedAt: run.logicalDate }, elementsOf(body, source));
  }
  const extracted = await attempt.close();
  return extracted.rows - extracted.quarantined;
}

const written = await (job === 'extract' ? extract() : rows());
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
console.log(JSON.stringify({ rows: written, cpu: (userCPUTime + systemCPUTime) / 1e6, rss: maxRSS / 1024 }));
