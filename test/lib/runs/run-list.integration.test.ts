import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runRecordKey } from '#lib/runs/keys.ts';
import { type ListedRun, newestRunId, newestRuns, runsBetween, summarize } from '#lib/runs/run-list.ts';
import { type RunRecord, readRecord, runRecords } from '#lib/runs/run-record.ts';
import { type Store, s3Store } from '#lib/runs/store.ts';
import { logicalDateOf, runIdOf } from '#lib/time/run-id.ts';
import { type Aws, BUCKET, openAws } from '../../worlds/aws.ts';

const NOW = new Date('2026-11-20T10:00:00Z');
let aws: Aws;
let store: Store;
let reads: string[];
let pipelines = 0;
let pipeline: { dagId: string; schedule: string | null; timeZone: string };

beforeAll(async () => {
  aws = await openAws();
  const whole = s3Store({ client: new S3Client(), bucket: BUCKET });
  const read = (key: string) => {
    reads.push(key);
    return whole.read(key);
  };
  store = { ...whole, read };
});
afterAll(() => aws.close());
beforeEach(() => {
  reads = [];
  pipeline = { dagId: `daily-${pipelines++}`, schedule: '@daily', timeZone: 'UTC' };
});

const day = (back: number) => runIdOf(new Date(Date.parse('2026-11-20') - back * 86_400_000));

async function write(runId: string, more: Partial<RunRecord> = {}): Promise<void> {
  const logicalDate = logicalDateOf(runId);
  const record: RunRecord = {
    dagId: pipeline.dagId,
    runId,
    logicalDate,
    dataInterval: { start: logicalDate, end: logicalDate },
    clearing: 1,
    execution: 'arn',
    params: {},
    state: 'running',
    queuedAt: logicalDate,
    startedAt: logicalDate,
    taskIds: ['load'],
    ...more,
  };
  const written = await runRecords.create(store, runRecordKey(record), record);
  if (record.endedAt !== undefined && written.written) await summarize(store, { record, etag: written.etag });
}

const closed = (state: 'success' | 'failed', failed = 0) => ({
  state,
  endedAt: '2026-11-20T09:00:00Z',
  tasks: Object.fromEntries(Array.from({ length: failed }, (_, at) => [`t${at}`, 'failed' as const])),
});

async function take(runs: AsyncGenerator<ListedRun>, count = Number.POSITIVE_INFINITY): Promise<ListedRun[]> {
  const taken: ListedRun[] = [];
  for await (const run of runs) if (taken.push(run) >= count) break;
  return taken;
}
const newest = (count: number) => take(newestRuns(store, pipeline, { count, now: NOW }), count);

test('closed runs are listed newest first without their records', async () => {
  await write(day(2), closed('success'));
  await write(day(3), closed('failed', 2));
  await write(day(1), closed('success', 1));
  expect(await newest(2)).toEqual([
    {
      runId: day(1),
      logicalDate: '2026-11-19T00:00:00Z',
      state: 'success',
      startedAt: '2026-11-19T00:00:00Z',
      endedAt: '2026-11-20T09:00:00Z',
      failedTasks: 1,
      warnings: 0,
    },
    expect.objectContaining({ runId: day(2), failedTasks: 0 }),
  ]);
  expect(reads).toEqual([]);
});

test('of a run that is open, or whose record was changed after it was closed, the record is read', async () => {
  await write(day(1));
  await write(day(2), closed('success'));
  const found = await readRecord(store, { dagId: pipeline.dagId, runId: day(2) });
  if (!found) throw new Error('no record');
  const value = { ...found.record, state: 'failed' as const };
  await runRecords.replace(store, runRecordKey(value), { value, etag: found.etag });
  reads = [];
  expect((await newest(2)).map(({ state, execution }) => [state, execution])).toEqual([
    ['running', 'arn'],
    ['failed', undefined],
  ]);
  expect(reads).toHaveLength(2);
});

test('a record that cannot be read is one line, and hides no other', async () => {
  await write(day(2), closed('success'));
  const Key = runRecordKey({ dagId: pipeline.dagId, runId: day(1) });
  await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'no json' }));
  expect(await newest(5)).toMatchObject([
    { state: 'damaged', problem: expect.stringContaining(Key) },
    { runId: day(2) },
  ]);
});

test('runs of long ago are found where there are no newer ones, and the newest of all', async () => {
  await write('19700101T000000Z', closed('success'));
  await write('20190101T000000Z', closed('success'));
  expect((await newest(5)).map(({ runId }) => runId)).toEqual(['20190101T000000Z', '19700101T000000Z']);
  expect(await newestRunId(store, pipeline, NOW)).toBe('20190101T000000Z');
  expect(await newestRunId(store, { ...pipeline, dagId: 'never' }, NOW)).toBeUndefined();
});

test('a range holds both of its ends', async () => {
  for (const back of [1, 2, 3, 4]) await write(day(back), closed('success'));
  const found = await take(runsBetween(store, pipeline, { from: day(3), to: day(2) }));
  expect(found.map(({ runId }) => runId)).toEqual([day(2), day(3)]);
});

test('whichever runs there are, each is listed once, newest first', async () => {
  const runs = fc.uniqueArray(fc.integer({ min: -3, max: 20_000 }), { maxLength: 12 });
  const schedules = fc.constantFrom('@daily', '*/5 * * * *', '0 0 1 1 *', null);
  await fc.assert(
    fc.asyncProperty(runs, schedules, fc.integer({ min: 1, max: 15 }), async (backs, schedule, count) => {
      pipeline = { dagId: `any-${pipelines++}`, schedule, timeZone: 'UTC' };
      await Promise.all(backs.map((back) => write(day(back), closed('success'))));
      const expected = backs.map(day).sort().reverse();
      expect((await newest(count)).map(({ runId }) => runId)).toEqual(expected.slice(0, count));
    }),
    { numRuns: 15 },
  );
});
