import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Table } from '#lib/contract/table.ts';
import { CATALOG } from '../../../worlds/catalog.ts';
import { dayOf, type Loading, openLoading } from '../../../worlds/loading.ts';

const TABLE: Table = {
  name: 'loads.wide',
  columns: [
    { name: 'id', type: 'int8', notNull: true },
    { name: 'body', type: 'super' },
    { name: 'milestone', type: 'super' },
    { name: 'updated_at', type: 'timestamptz' },
  ],
  primaryKey: ['id'],
  incrementalKey: 'updated_at',
};

let loading: Loading;
beforeAll(async () => {
  loading = await openLoading(TABLE);
});
afterAll(() => loading.aws.close());
beforeEach(() => loading.clear('loads.wide'));

const at = (hour: number) => `2026-11-10T0${hour}:00:00+01:00`;
const milestones = async () =>
  (await loading.aws.query(`SELECT id, ${CATALOG.text('milestone')} AS json FROM loads.wide ORDER BY id`)).map(
    ({ id, json }) => ({ id, milestone: JSON.parse(String(json ?? null)) }),
  );

test('long texts and objects kept whole are loaded into SUPER; a text beyond 65,535 bytes is not', async () => {
  const long = 'ü'.repeat(32_767);
  const milestone = { title: 'v1', open: [1, 9_007_199_254_740_991], creator: { id: 3_000_000_000, login: 'ann' } };
  await loading.pass(dayOf(1), 'upsert', [{ id: 9_007_199_254_740_991, body: long, milestone, updated_at: at(1) }]);
  const [row] = await loading.aws.query(
    `SELECT id, body, CAST(${CATALOG.field('milestone', ['creator', 'id'])} AS int8) AS creator FROM loads.wide`,
  );
  expect(row).toMatchObject({ id: 9_007_199_254_740_991, creator: 3_000_000_000 });
  expect(JSON.parse(String(row?.['body'])) === long).toBe(true);
  expect((await milestones()).map((row) => row.milestone)).toEqual([milestone]);
  await expect(loading.pass(dayOf(2), 'upsert', [{ id: 1, body: `${long}ü`, updated_at: at(2) }])).rejects.toThrow(
    '65536 bytes of UTF-8, one string in a super holds 65535',
  );
});

test('a SUPER that is absent stays as it is stored, a null sets null', async () => {
  const all = [1, 2].map((id) => ({ id, milestone: { title: 'v1' }, updated_at: at(1) }));
  await loading.pass(dayOf(1), 'upsert', all);
  await loading.pass(dayOf(2), 'upsert', [
    { id: 1, updated_at: at(2) },
    { id: 2, milestone: null, updated_at: at(2) },
  ]);
  expect(await milestones()).toEqual([
    { id: 1, milestone: { title: 'v1' } },
    { id: 2, milestone: null },
  ]);
});

test('times are the same instant whatever zone they came in', async () => {
  await loading.pass(dayOf(1), 'rebuild', [{ id: 1, updated_at: at(1) }]);
  expect(await loading.aws.query('SELECT CAST(updated_at AS varchar) AS at FROM loads.wide')).toEqual([
    { at: '2026-11-10 00:00:00+00' },
  ]);
});
