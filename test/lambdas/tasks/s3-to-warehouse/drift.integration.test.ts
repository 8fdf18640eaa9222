import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Mode } from '#lambdas/warehouse/plan.ts';
import type { Column, Table } from '#lib/contract/table.ts';
import { CATALOG } from '../../../worlds/catalog.ts';
import { dayOf, type Loading, openLoading } from '../../../worlds/loading.ts';

const COLUMNS: Column[] = [
  { name: 'id', type: 'int4', notNull: true },
  { name: 'title', type: 'varchar(5)' },
];
const tableOf = (...columns: Column[]): Table => ({
  name: 'loads.songs',
  columns,
  primaryKey: ['id'],
  incrementalKey: 'id',
});

let loading: Loading;
beforeAll(async () => {
  loading = await openLoading(tableOf(...COLUMNS));
  await loading.aws.admin("CREATE USER analyst PASSWORD 'Analyst7Secret'", "CREATE USER bi PASSWORD 'Analyst7Secret'");
});
afterAll(() => loading.aws.close());
beforeEach(async () => {
  await loading.clear('loads.songs');
  loading.aws.describeFunction([tableOf(...COLUMNS)]);
});

const MODES: readonly Mode[] = ['append', 'truncate', 'rebuild', 'upsert'];
const wider: Column[] = [
  { name: 'id', type: 'int8', notNull: true },
  { name: 'title', type: 'varchar(50)' },
];
const rights = () => loading.aws.query(CATALOG.rights('loads'));
const comments = () => loading.aws.query(CATALOG.comments('loads'));
const tables = () =>
  loading.aws.query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'loads' ORDER BY 1");

test.each(MODES)('%s adds a column that the declaration gained', async (mode) => {
  await loading.pass(dayOf(1), mode, [{ id: 1, title: 'a' }]);
  loading.aws.describeFunction([tableOf(...COLUMNS, { name: 'state', type: 'varchar(10)' })]);
  await loading.pass(dayOf(2), mode, [{ id: 2, state: 'open' }]);
  expect(await loading.aws.query('SELECT state FROM loads.songs WHERE id = 2')).toEqual([{ state: 'open' }]);
});

test.each(MODES.filter((mode) => mode !== 'rebuild'))('%s refuses a type that changed, by name', async (mode) => {
  await loading.pass(dayOf(1), mode, [{ id: 1, title: 'a' }]);
  loading.aws.describeFunction([tableOf(...wider)]);
  await expect(loading.pass(dayOf(2), mode, [{ id: 2 }])).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringContaining(
      'id is int4, declared as int8; title is varchar(5), declared as varchar(50). ' +
        "Change the declaration back, or load it once with mode 'rebuild'",
    ),
  });
  expect(await loading.aws.query('SELECT id, title FROM loads.songs')).toEqual([{ id: 1, title: 'a' }]);
});

test('rebuild creates a table of another shape anew, with the rights to it and the comments on it', async () => {
  await loading.pass(dayOf(1), 'rebuild', [{ id: 1, title: 'a' }]);
  await loading.aws.sql(
    'GRANT SELECT, INSERT ON loads.songs TO analyst',
    'GRANT SELECT ON loads.songs TO bi WITH GRANT OPTION',
    'GRANT SELECT ON loads.songs TO PUBLIC',
    "COMMENT ON TABLE loads.songs IS 'it''s ours'",
    "COMMENT ON COLUMN loads.songs.title IS 'as sung'",
  );
  const before = [await rights(), await comments()];
  expect(before.map(({ length }) => length)).toEqual([4, 2]);

  loading.aws.describeFunction([tableOf(...wider)]);
  const run = dayOf(2);
  const longer = 'longer than five';
  expect(await loading.pass(run, 'rebuild', [{ id: 3_000_000_000, title: longer }])).toEqual({ rows: 1, childRows: 0 });
  expect(await loading.aws.query('SELECT id, title FROM loads.songs')).toEqual([{ id: 3_000_000_000, title: longer }]);
  expect([await rights(), await comments()]).toEqual(before);
  expect(await tables()).toEqual([{ table_name: 'songs' }]);
  expect(await loading.recorded(run)).toEqual([expect.objectContaining({ inserted: 1, deleted: 1, total: 1 })]);
});

test('a table whose new shape cannot be filled stays as it is', async () => {
  await loading.pass(dayOf(1), 'rebuild', [{ id: 1, title: 'a' }]);
  loading.aws.describeFunction([tableOf(...wider)]);
  const run = dayOf(2);
  const from = await loading.extract(run, [{ id: 2 }]);
  loading.aws.describeFunction([tableOf(...wider, { name: 'state', type: 'varchar(10)', notNull: true })]);
  await expect(loading.load(run, 'rebuild', from)).rejects.toMatchObject({ name: 'Sluice.Terminal' });
  expect(await loading.aws.query('SELECT id, title FROM loads.songs')).toEqual([{ id: 1, title: 'a' }]);
  expect(await tables()).toEqual([{ table_name: 'songs' }]);
});

test('a child table alone is created anew, with the rows of the load', async () => {
  const withTags = (type: Column['type']): Table => ({
    ...tableOf(...COLUMNS),
    children: [
      {
        name: 'loads.tags',
        from: ['tags'],
        parent: { song_id: 'id' },
        columns: [
          { name: 'song_id', type: 'int4' },
          { name: 'name', type },
        ],
      },
    ],
  });
  const record = { id: 1, title: 'a', tags: [{ name: 'live' }] };
  await loading.clear('loads.tags');
  loading.aws.describeFunction([withTags('varchar(4)')]);
  await loading.pass(dayOf(1), 'rebuild', [record]);
  await loading.aws.sql('GRANT SELECT ON loads.tags TO analyst', 'GRANT SELECT ON loads.songs TO analyst');
  loading.aws.describeFunction([withTags('varchar(40)')]);
  await loading.pass(dayOf(2), 'rebuild', [{ ...record, tags: [{ name: 'remastered' }] }]);
  expect(await loading.aws.query('SELECT song_id, name FROM loads.tags')).toEqual([{ song_id: 1, name: 'remastered' }]);
  expect((await rights()).map(({ it }) => it)).toEqual(['songs', 'tags']);
  await loading.clear('loads.tags');
});
