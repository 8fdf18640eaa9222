/** An extract of a source that streams its records. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { extract, type RecordPage } from '#lambdas/lake/extract.ts';
import { secretConnections } from '#lambdas/runtime/connections.ts';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { logger } from '#lambdas/runtime/log.ts';
import { openServices } from '#lambdas/runtime/services.ts';
import { Transient } from '#lib/contract/errors.ts';
import { readManifest } from '#lib/runs/manifest.ts';
import { type Aws, openAws } from '../../worlds/aws.ts';
import { someRun } from '../../worlds/events.ts';
import { describeFunction } from '../../worlds/task-services.ts';

let aws: Aws;
beforeAll(async () => {
  aws = await openAws();
  describeFunction(aws, [{ name: 'g.t', columns: [{ name: 'id', type: 'int8' }], primaryKey: ['id'] }]);
});
afterAll(() => aws.close());

const to = { kind: 'lake' as const, dataset: 't', table: 'g.t' };
const contextOf = (): TaskContext => ({
  ...openServices(),
  connections: secretConnections({ secrets: {} }),
  run: someRun(),
  task: { id: 'extract', attempt: 1 },
  log: logger({ pipeline: 'p', run: 'r' }),
  remaining: () => Number.POSITIVE_INFINITY,
});

async function* streamed(ids: readonly number[], isCut = false): AsyncGenerator<Uint8Array> {
  for (const id of ids) yield Buffer.from(`{"id":${id}}`);
  if (isCut) throw new Transient('The connection is gone.');
}
const page = (url: string, records: AsyncIterable<Uint8Array>, next?: string): RecordPage => ({
  url,
  status: 200,
  fetchedAt: '2026-11-19T06:00:00Z',
  records,
  ...(next !== undefined && { next }),
});

test('of a page that breaks off in the middle nothing counts: the next attempt takes each record once', async () => {
  const context = contextOf();
  let tries = 0;
  const take = () =>
    extract(context, to, async function* ({ from }) {
      tries++;
      if (from === undefined) yield page('first', streamed([1, 2]), 'second');
      yield page('second', streamed([3, 4], tries === 1));
    });
  await expect(take()).rejects.toThrow('The connection is gone.');
  const { manifest } = await take();
  const { raw, pages, counts } = await readManifest(context.store, manifest);
  expect(await aws.lines(raw)).toEqual(['{"id":1}', '{"id":2}', '{"id":3}', '{"id":4}']);
  expect(pages.map(({ url, rows }) => [url, rows])).toEqual([
    ['first', 2],
    ['second', 2],
  ]);
  expect(counts).toEqual({ extracted: 4, staged: 4, quarantined: 0 });
});
