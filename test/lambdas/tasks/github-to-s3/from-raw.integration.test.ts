/** A run that goes from the raw of its earlier attempts, in place of GitHub. */
import { rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Run } from '#lib/contract/envelope.ts';
import type { Table } from '#lib/contract/table.ts';
import { type Manifest, readManifest } from '#lib/runs/manifest.ts';
import { type Store, s3Store } from '#lib/runs/store.ts';
import { handler } from '#tasks/github-to-s3/handler.ts';
import { type Aws, BUCKET, openAws } from '../../../worlds/aws.ts';
import { eventOf, someRun } from '../../../worlds/events.ts';
import { type Github, openGithub } from '../../../worlds/github.ts';
import { describeFunction, github, setToken } from '../../../worlds/task-services.ts';

const strict = {
  name: 'g.issues',
  columns: [
    { name: 'id', type: 'int8' },
    { name: 'title', type: 'varchar(8)' },
  ],
  primaryKey: ['id'],
} satisfies Table;
const mended: Table = { ...strict, columns: [...strict.columns.slice(0, 1), { name: 'title', type: 'varchar(40)' }] };

let aws: Aws;
let store: Store;
let api: Github;
/** Records that the API gives, by repository. */
let issues: Record<string, string> = {};

beforeAll(async () => {
  aws = await openAws();
  store = s3Store({ client: aws.client, bucket: BUCKET });
  api = await openGithub(({ path }) => ({ body: issues[path.split('/')[3] ?? ''] ?? '[]' }));
  setToken(aws, 'ghp', api.url);
});
afterAll(async () => {
  await api.close();
  await aws.close();
});
let run: Run;
beforeEach(() => {
  run = someRun();
  describeFunction(aws, [strict]);
});
afterEach(() => {
  api.asked.length = 0;
});

/** What an item of the mapped extract gives in a clearing of the run. */
const extract = (repository: string, change: Partial<Run> = {}, index = 0) =>
  handler(
    eventOf(
      {
        connection: github,
        org: 'o',
        repository,
        object: 'issues',
        to: { kind: 'lake', dataset: 'i', table: 'g.issues' },
      },
      { run: { ...run, ...change }, task: { id: 'extract', index, attempt: 1 } },
    ),
  );
const fromRaw = { clearing: 2, fromRaw: true } as const;
const staged = async ({ stage }: Manifest) => aws.lines(stage['g.issues']?.parts ?? []);

test('the records are staged again as the code has it now, from the same raw, and nobody is asked', async () => {
  issues = { r: '[{"id":1,"title":"a\u2028b"},{"id":12345678901234567,"title":null},{"id":3,"x":1.0}]' };
  const first = await extract('r');
  const before = await readManifest(store, first.manifest);
  api.asked.length = 0;
  describeFunction(aws, [{ ...mended, columns: [...mended.columns, { name: 'x', type: 'float8' }] }]);

  const again = await extract('r', fromRaw);
  const after = await readManifest(store, again.manifest);
  expect(api.asked).toEqual([]);
  expect({ ...again, manifest: first.manifest }).toEqual(first);
  expect(again.manifest).not.toBe(first.manifest);
  expect([after.raw, after.pages]).toEqual([before.raw, before.pages]);
  expect(await staged(after)).toEqual([
    '{"sluice_record":1,"id":1,"title":"a\u2028b"}',
    '{"sluice_record":2,"id":12345678901234567,"title":null}',
    '{"sluice_record":3,"id":3,"x":1.0}',
  ]);
  expect([before.unknownFields, after.unknownFields]).toEqual([{ x: 1 }, {}]);
});

test('raw of which too many rows were quarantined is whole: a mended declaration takes it', async () => {
  issues = { r: '[{"id":1,"title":"far too long"},{"id":2,"title":"b"}]' };
  await expect(extract('r')).rejects.toThrow(/1 of 2 records do not meet the declaration/);
  describeFunction(aws, [mended]);
  const { manifest, ...output } = await extract('r', fromRaw);
  expect(output).toMatchObject({ rows: 2, quarantined: 0 });
  expect(await staged(await readManifest(store, manifest))).toHaveLength(2);
});

test('an item finds the raw of its own repository, the newest one, whatever its place in the list was', async () => {
  issues = { a: '[{"id":1}]', b: '[{"id":2}]' };
  await extract('a', {}, 0);
  await extract('b', {}, 1);
  issues = { a: '[{"id":1},{"id":3}]' };
  await extract('a', { clearing: 2 }, 5);
  const [a, b] = await Promise.all([
    extract('a', { clearing: 3, fromRaw: true }, 1),
    extract('b', { clearing: 3, fromRaw: true }, 0),
  ]);
  expect(await staged(await readManifest(store, a.manifest))).toHaveLength(2);
  expect(await staged(await readManifest(store, b.manifest))).toEqual(['{"sluice_record":1,"id":2}']);
});

test('without raw, or with raw whose attempt did not get to its end, there is no snapshot', async () => {
  issues = { r: '[{"id":1}]', broken: '[{"id":1}' };
  await extract('r');
  await expect(extract('broken', {}, 1)).rejects.toMatchObject({ name: 'Sluice.Transient' });
  api.asked.length = 0;
  for (const repository of ['broken', 'other']) {
    await expect(extract(repository, fromRaw, 1)).rejects.toMatchObject({
      name: 'Sluice.NoSnapshot',
      message: expect.stringContaining(`no snapshot of ${run.logicalDate} for '${repository}' of i`),
    });
  }
  await expect(extract('r', { ...fromRaw, runId: '20261118T000000Z' })).rejects.toMatchObject({
    name: 'Sluice.NoSnapshot',
  });
  expect(api.asked).toEqual([]);
});

test('raw goes from attempt to attempt: a run from raw can be repeated', async () => {
  issues = { r: '[{"id":1},{"id":2}]' };
  const { manifest } = await extract('r');
  const { raw } = await readManifest(store, manifest);
  await extract('r', fromRaw);
  const third = await extract('r', { clearing: 3, fromRaw: true });
  expect(third.rows).toBe(2);
  expect((await readManifest(store, third.manifest)).raw).toEqual(raw);
});

type Spoil = (key: string, path: string) => unknown;
const SPOILED: Record<string, { spoil: Spoil; problem: RegExp }> = {
  deleted: {
    spoil: (Key) => aws.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key })),
    problem: /it is gone/,
  },
  'removed from the disk': { spoil: (_, path) => rmSync(path), problem: /, is gone/ },
  'cut off on the disk': {
    spoil: (_, path) => truncateSync(path, statSync(path).size - 9),
    problem: /object's \d+ bytes, .*, has \d+ bytes/,
  },
  'emptied on the disk': { spoil: (_, path) => truncateSync(path), problem: /, has 0 bytes/ },
  'put there again, cut off': {
    spoil: async (Key) => {
      const Body = (await aws.bytes(Key)).subarray(0, -9);
      await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
    },
    problem: /\d+ of its \d+ bytes are to be had/,
  },
  'put there again as another thing': {
    spoil: async (Key) => {
      const Body = Buffer.alloc((await aws.bytes(Key)).length, 7);
      await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
    },
    problem: /after 0 of its 2 records it is no gzip/,
  },
  'spoilt in its midst': {
    spoil: (_, path) => writeFileSync(path, Buffer.alloc(statSync(path).size, 7)),
    problem: /checksum mismatch/i,
  },
};
test.each(Object.keys(SPOILED))(
  'a part of raw that was %s is named, with what to do; it is not tried again',
  async (how) => {
    const { spoil, problem } = SPOILED[how] as { spoil: Spoil; problem: RegExp };
    issues = { r: '[{"id":1},{"id":2}]' };
    const { raw } = await readManifest(store, (await extract('r')).manifest);
    const key = raw[0]?.key ?? '';
    await spoil(key, aws.s3.pathOf(BUCKET, key) ?? '');
    const failure = await extract('r', fromRaw).catch((error: Error) => error);
    expect(failure).toMatchObject({
      name: 'Sluice.Terminal',
      message: expect.stringMatching(/without --from-raw/),
    });
    expect(failure).toMatchObject({ message: expect.stringMatching(problem) });
    expect(failure).toMatchObject({ message: expect.stringContaining(key) });
  },
);
