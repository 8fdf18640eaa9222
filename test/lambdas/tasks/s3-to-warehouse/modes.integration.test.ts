import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Mode } from '#lambdas/warehouse/plan.ts';
import type { Table } from '#lib/contract/table.ts';
import { cleared, dayOf, type Loading, openLoading } from '../../../worlds/loading.ts';
import { BUCKET } from '../../../worlds/warehouse-aws.ts';

const SONGS: Table = {
  name: 'loads.songs',
  columns: [
    { name: 'id', type: 'int8', notNull: true },
    { name: 'title', type: 'varchar(20)' },
    { name: 'at', type: 'timestamptz' },
  ],
  primaryKey: ['id'],
  incrementalKey: 'at',
  children: [
    {
      name: 'loads.plays',
      from: ['plays'],
      parent: { song_id: 'id' },
      columns: [
        { name: 'song_id', type: 'int8', notNull: true },
        { name: 'who', type: 'varchar(20)' },
      ],
    },
  ],
};
const MODES: readonly Mode[] = ['append', 'truncate', 'rebuild', 'upsert'];

let loading: Loading;
beforeAll(async () => {
  loading = await openLoading(SONGS);
});
afterAll(() => loading.aws.close());
beforeEach(() => loading.clear('loads.songs', 'loads.plays'));

const song = (id: number, title: string, ...plays: string[]) => ({
  id,
  title,
  at: '2026-11-10T00:00:00Z',
  plays: plays.map((who) => ({ who })),
});
const songs = async () =>
  (await loading.aws.query('SELECT id, title FROM loads.songs ORDER BY id, title')).map(
    ({ id, title }) => `${id} ${title}`,
  );
const plays = async () =>
  (await loading.aws.query('SELECT song_id, who FROM loads.plays ORDER BY 1, 2')).map(
    ({ song_id, who }) => `${song_id} ${who}`,
  );

/** Both tables as one statement sees them. */
const both = async () => {
  const rows = await loading.aws.query(`SELECT 0 AS place, id, title FROM loads.songs
    UNION ALL SELECT 1, song_id, who FROM loads.plays ORDER BY 1, 2, 3`);
  return [0, 1].map((at) => rows.filter(({ place }) => place === at).map(({ id, title }) => `${id} ${title}`));
};

test('append adds the rows of a data interval beside those of others, and replaces its own', async () => {
  const first = dayOf(1);
  const second = dayOf(2, first);
  await loading.pass(first, 'append', [song(1, 'a', 'ann'), song(2, 'b')]);
  await loading.pass(second, 'append', [song(1, 'a of day 2', 'bo')]);
  expect(await songs()).toEqual(['1 a', '1 a of day 2', '2 b']);
  // The older interval, loaded again after the newer one: only its own rows change.
  await loading.pass(cleared(first), 'append', [song(1, 'A', 'cleo', 'dee')]);
  expect([await songs(), await plays()]).toEqual([
    ['1 A', '1 a of day 2'],
    ['1 bo', '1 cleo', '1 dee'],
  ]);
});

test('append keeps one row a key and interval, and tasks that append to one table do not meet', async () => {
  const run = dayOf(1);
  const one = await loading.extract(run, [song(1, 'a', 'ann'), song(1, 'b', 'bo')]);
  const other = await loading.extract(run, [song(1, 'c')]);
  await loading.load(run, { mode: 'append', id: 'load_one' }, one);
  await loading.load(run, { mode: 'append', id: 'load_other' }, other);
  await loading.load(cleared(run), { mode: 'append', id: 'load_one' }, one);
  expect([await songs(), await plays()]).toEqual([['1 b', '1 c'], ['1 bo']]);
});

test('an older run of an interval does not replace what a newer one appended', async () => {
  const run = dayOf(1);
  const manual = { ...run, runId: '20261101T120000Z', logicalDate: '2026-11-01T12:00:00Z' };
  await loading.pass(manual, 'append', [song(1, 'manual')]);
  await expect(loading.pass(run, 'append', [song(1, 'scheduled')])).rejects.toMatchObject({
    name: 'Sluice.NoSnapshot',
  });
  expect(await songs()).toEqual(['1 manual']);
});

test('rows of before a table was appended to belong to no interval, and stay', async () => {
  await loading.pass(dayOf(1), 'truncate', [song(1, 'before')]);
  await loading.pass(dayOf(2), 'append', [song(2, 'appended')]);
  await loading.pass(dayOf(3), 'append', [song(3, 'appended')]);
  expect(await songs()).toContain('1 before');
});

test.each(['truncate', 'rebuild'] as const)('%s leaves the rows of the load and no others', async (mode) => {
  await loading.pass(dayOf(1), mode, [song(1, 'a', 'ann'), song(2, 'b', 'bo')]);
  await loading.pass(dayOf(2), mode, [song(2, 'B'), song(3, 'c', 'cleo')]);
  expect([await songs(), await plays()]).toEqual([['2 B', '3 c'], ['3 cleo']]);
});

test.each(MODES)(
  '%s: extracts of one load have rows of their own, wherever their keys and places are the same',
  async (mode) => {
    const run = dayOf(1);
    const from = [
      await loading.extract(run, [song(1, 'a of one', 'ann'), song(2, 'b of one')], { id: 'one' }),
      await loading.extract(run, [song(1, 'a of two', 'bo', 'cy'), song(3, 'c of two')], { id: 'two' }),
      await loading.extract(run, [song(4, 'd of many')], { id: 'many', index: 0 }),
      await loading.extract(run, [song(4, 'last of many', 'dee')], { id: 'many', index: 1 }),
      await loading.extract(run, [], { id: 'none' }),
    ];
    await loading.load(run, mode, from);
    // Of rows with one key that of the last extract counts, with its child rows.
    expect([await songs(), await plays()]).toEqual([
      ['1 a of two', '2 b of one', '3 c of two', '4 last of many'],
      ['1 bo', '1 cy', '4 dee'],
    ]);
    expect(await loading.recorded(run)).toMatchObject([
      { table_name: 'loads.plays', staged: 4, inserted: 3, duplicates: 1 },
      { table_name: 'loads.songs', staged: 6, inserted: 4, duplicates: 2 },
    ]);
  },
);

test.each(MODES)('%s: readers see the rows of before or those of after, and never others', async (mode) => {
  await loading.pass(dayOf(1), mode, [song(1, 'a', 'ann')]);
  const before = [await songs(), await plays()];
  const seen = new Set<string>();
  let isDone = false;
  const reading = (async () => {
    while (!isDone) seen.add(JSON.stringify(await both()));
  })();
  await loading.pass(dayOf(2), mode, [song(1, 'b', 'bo', 'cy')]);
  isDone = true;
  await reading;
  const after = [await songs(), await plays()];
  expect([...seen].filter((state) => ![before, after].some((one) => JSON.stringify(one) === state))).toEqual([]);
  expect(seen.size).toBeGreaterThan(0);
  const sent = (await loading.aws.statements()).filter((sql) => /^\s*TRUNCATE/i.test(sql));
  expect(sent).toEqual([]);
});

test.each(MODES)('%s: a load whose counts do not add up changes nothing', async (mode) => {
  await loading.pass(dayOf(1), mode, [song(1, 'a', 'ann')]);
  const before = await both();
  const run = dayOf(2);
  const from = await loading.extract(run, [song(1, 'b', 'bo')]);
  const manifest = JSON.parse((await loading.aws.bytes(from.manifest)).toString());
  const Body = JSON.stringify({ ...manifest, counts: { ...manifest.counts, extracted: 2 } });
  await loading.aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: from.manifest, Body }));
  await expect(loading.load(run, mode, from)).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringContaining('rows do not reconcile in loads.songs'),
  });
  expect(await both()).toEqual(before);
  expect(await loading.recorded(run)).toEqual([]);
});
