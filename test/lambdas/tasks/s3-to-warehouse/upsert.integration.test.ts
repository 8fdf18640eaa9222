import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Table } from '#lib/contract/table.ts';
import { cleared, dayOf, type Loading, openLoading } from '../../../worlds/loading.ts';

const ISSUES: Table = {
  name: 'loads.issues',
  columns: [
    { name: 'id', type: 'int8', notNull: true },
    { name: 'title', type: 'varchar(200)' },
    { name: 'assignee_id', type: 'int8' },
    { name: 'assignee_login', type: 'varchar(20)' },
    { name: 'updated_at', type: 'timestamptz' },
  ],
  primaryKey: ['id'],
  incrementalKey: 'updated_at',
  children: [
    {
      name: 'loads.labels',
      from: ['labels'],
      parent: { issue_id: 'id' },
      columns: [
        { name: 'issue_id', type: 'int8', notNull: true },
        { name: 'name', type: 'varchar(50)' },
      ],
    },
  ],
};

let loading: Loading;
beforeAll(async () => {
  loading = await openLoading(ISSUES);
});
afterAll(() => loading.aws.close());
beforeEach(() => loading.clear('loads.issues', 'loads.labels'));

const at = (hour: number) => `2026-11-10T${String(hour).padStart(2, '0')}:00:00Z`;
const titles = () => loading.aws.query('SELECT id, title FROM loads.issues ORDER BY id');
const assigned = () => loading.aws.query('SELECT assignee_id, assignee_login FROM loads.issues ORDER BY id');
const labels = () => loading.aws.query('SELECT issue_id, name FROM loads.labels ORDER BY 1, 2');
const upsert = (day: number, ...records: object[]) => loading.pass(dayOf(day), 'upsert', records);

test('a new key is inserted, a stored one updated, and what is not in the load stays', async () => {
  await upsert(1, { id: 1, title: 'a', updated_at: at(1) }, { id: 2, title: 'b', updated_at: at(1) });
  expect(await upsert(2, { id: 2, title: 'B', updated_at: at(2) }, { id: 3, title: 'c', updated_at: at(1) })).toEqual({
    rows: 2,
    childRows: 0,
  });
  expect(await titles()).toEqual([
    { id: 1, title: 'a' },
    { id: 2, title: 'B' },
    { id: 3, title: 'c' },
  ]);
});

test('an older row never overwrites a newer one, one of the same time does; null is oldest', async () => {
  await upsert(1, { id: 1, title: 'new', updated_at: at(5) }, { id: 2, title: 'none', updated_at: null });
  await upsert(2, { id: 1, title: 'old', updated_at: at(4) }, { id: 2, title: 'none again' });
  await upsert(3, { id: 1, title: 'null', updated_at: null });
  expect(await titles()).toEqual([
    { id: 1, title: 'new' },
    { id: 2, title: 'none again' },
  ]);
  await upsert(4, { id: 1, title: 'same', updated_at: at(5) }, { id: 2, title: 'dated', updated_at: at(1) });
  expect(await titles()).toEqual([
    { id: 1, title: 'same' },
    { id: 2, title: 'dated' },
  ]);
});

test('of the rows of one key the newest counts, then the last, whatever came from which item', async () => {
  const run = dayOf(1);
  const first = [
    { id: 1, title: 'newest', labels: [{ name: 'x' }], updated_at: at(2) },
    { id: 1, title: 'older', labels: [{ name: 'y' }], updated_at: at(1) },
    { id: 2, title: 'first', labels: [{ name: 'x' }], updated_at: at(1) },
    { id: 2, title: 'last', labels: [{ name: 'z' }], updated_at: at(1) },
    { id: 3, title: 'of item 0', labels: [{ name: 'x' }], updated_at: at(1) },
  ];
  const second = [3, 3, 3, 3, 3].map((id) => ({ id, title: 'of item 1', labels: [{ name: 'w' }], updated_at: at(1) }));
  const items = [await loading.extract(run, second, { index: 1 }), await loading.extract(run, first, { index: 0 })];
  await loading.load(run, 'upsert', items);
  expect(await titles()).toEqual([
    { id: 1, title: 'newest' },
    { id: 2, title: 'last' },
    { id: 3, title: 'of item 1' },
  ]);
  expect(await labels()).toEqual([
    { issue_id: 1, name: 'x' },
    { issue_id: 2, name: 'z' },
    { issue_id: 3, name: 'w' },
  ]);
});

test('an absent key keeps the stored value; a null, and an object that is null, sets null', async () => {
  const ann = { id: 7, login: 'ann' };
  await upsert(1, { id: 1, title: 'a', assignee: ann, updated_at: at(1) });
  await upsert(2, { id: 1, updated_at: at(2) });
  expect(await titles()).toEqual([{ id: 1, title: 'a' }]);
  await upsert(3, { id: 1, title: null, assignee: { id: 8 }, updated_at: at(3) });
  expect(await titles()).toEqual([{ id: 1, title: null }]);
  expect(await assigned()).toEqual([{ assignee_id: 8, assignee_login: 'ann' }]);
  await upsert(4, { id: 1, assignee: null, updated_at: at(4) });
  expect(await assigned()).toEqual([{ assignee_id: null, assignee_login: null }]);
});

test('child rows of rows that are touched are replaced: by none where the list is empty, not where it is absent', async () => {
  const some = [{ name: 'bug' }, { name: 'ui' }];
  await upsert(1, ...[1, 2, 3, 4].map((id) => ({ id, labels: some, updated_at: at(2) })));
  await upsert(
    2,
    { id: 1, labels: [{ name: 'docs' }], updated_at: at(3) },
    { id: 2, labels: [], updated_at: at(3) },
    { id: 3, updated_at: at(3) },
    { id: 4, labels: [{ name: 'late' }], updated_at: at(1) },
  );
  const names = (id: number, ...of: string[]) => of.map((name) => ({ issue_id: id, name }));
  expect(await labels()).toEqual([...names(1, 'docs'), ...names(3, 'bug', 'ui'), ...names(4, 'bug', 'ui')]);
});

test('what became of each staged row is recorded, and adds up', async () => {
  await upsert(1, { id: 1, labels: [{ name: 'x' }], updated_at: at(2) }, { id: 2, updated_at: at(2) });
  const run = dayOf(2);
  const label = [{ name: 'y' }];
  await loading.pass(run, 'upsert', [
    { id: 1, labels: label, updated_at: at(3) },
    { id: 1, labels: label, updated_at: at(1) },
    { id: 2, labels: label, updated_at: at(1) },
    { id: 3, labels: label, updated_at: at(1) },
  ]);
  const outcomes = { staged: 4, older: 1, duplicates: 1 };
  expect(await loading.recorded(run)).toEqual([
    { table_name: 'loads.issues', ...outcomes, inserted: 1, updated: 1, deleted: 0, total: 3 },
    { table_name: 'loads.labels', ...outcomes, inserted: 2, updated: 0, deleted: 1, total: 2 },
  ]);
});

test('a load again changes nothing, and one of an older date is refused', async () => {
  const run = dayOf(2);
  const from = await loading.extract(run, [{ id: 1, title: 'a', labels: [{ name: 'x' }], updated_at: at(2) }]);
  await loading.load(run, 'upsert', from);
  const before = [await titles(), await labels()];
  expect(await loading.load(cleared(run), 'upsert', from)).toEqual({ rows: 1, childRows: 1 });
  await expect(upsert(1, { id: 1, title: 'of before', updated_at: at(2) })).rejects.toMatchObject({
    name: 'Sluice.NoSnapshot',
  });
  expect([await titles(), await labels()]).toEqual(before);
});

test('columns that the declaration does not name keep what they hold', async () => {
  await upsert(1, { id: 1, title: 'a', updated_at: at(1) });
  await loading.aws.sql('ALTER TABLE loads.issues ADD COLUMN note varchar(20)');
  await loading.aws.sql("UPDATE loads.issues SET note = 'ours'");
  await upsert(2, { id: 1, title: 'b', updated_at: at(2) });
  expect(await loading.aws.query('SELECT title, note FROM loads.issues')).toEqual([{ title: 'b', note: 'ours' }]);
});

test('a table without an incremental key is refused, with what to declare', async () => {
  const { incrementalKey: _, ...undeclared } = ISSUES;
  loading.aws.describeFunction([undeclared]);
  const refused = upsert(1, { id: 1, updated_at: at(1) });
  await expect(refused).rejects.toThrow(
    'Loading loads.issues by upsert: nothing says which of two rows is newer. Declare as incrementalKey in tables.ts',
  );
  loading.aws.describeFunction([ISSUES]);
});
