/** Loads of raw that holds only what changed since a date: it never passes for all that the source has. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Mode } from '#lambdas/warehouse/plan.ts';
import type { Table } from '#lib/contract/table.ts';
import { readManifest } from '#lib/runs/manifest.ts';
import { s3Store } from '#lib/runs/store.ts';
import { cleared, dayOf, type Loading, openLoading } from '../../../worlds/loading.ts';
import { BUCKET } from '../../../worlds/warehouse-aws.ts';

const ISSUES: Table = {
  name: 'loads.issues',
  columns: [
    { name: 'id', type: 'int8' },
    { name: 'updated_at', type: 'timestamptz' },
  ],
  primaryKey: ['id'],
  incrementalKey: 'updated_at',
};

let loading: Loading;
beforeAll(async () => {
  loading = await openLoading(ISSUES);
});
afterAll(() => loading.aws.close());
beforeEach(() => loading.clear(ISSUES.name));

const issue = (id: number) => ({ id, updated_at: '2026-11-10T00:00:00Z' });
const ids = async () => (await loading.aws.query('SELECT id FROM loads.issues ORDER BY id')).map(({ id }) => id);
const since = dayOf(1).logicalDate;

/** A whole list on the first day, then the changes of the second in two parts, of which one is whole. */
async function changes() {
  await loading.pass(dayOf(1), 'rebuild', [issue(1), issue(2)]);
  const run = dayOf(2);
  return [
    await loading.extract(run, [issue(3)], { index: 0, since }),
    await loading.extract(run, [issue(4)], { index: 1 }),
  ];
}

test('the manifest says since when', async () => {
  const [part, whole] = await changes();
  const store = s3Store({ client: loading.aws.client, bucket: BUCKET });
  expect(await readManifest(store, part?.manifest ?? '')).toMatchObject({ since });
  expect(await readManifest(store, whole?.manifest ?? '')).not.toHaveProperty('since');
});

test('an upsert adds them to what is there', async () => {
  await loading.load(dayOf(2), 'upsert', await changes());
  expect(await ids()).toEqual([1, 2, 3, 4]);
});

test.each<Mode>(['rebuild', 'truncate'])('%s is refused, and changes nothing', async (mode) => {
  const from = await changes();
  await expect(loading.load(dayOf(2), mode, from)).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(
      /loads\.issues by .*the raw of 2026-11-02T00:00:00Z holds only what changed since 2026-11-01T00:00:00Z.*full=true/,
    ),
  });
  expect(await ids()).toEqual([1, 2]);
  await loading.load(cleared(dayOf(2)), 'upsert', from);
  expect(await ids()).toEqual([1, 2, 3, 4]);
});

test('an upsert into a table that does not exist is refused, and leaves none', async () => {
  const from = await loading.extract(dayOf(2), [issue(3)], { since });
  await expect(loading.load(dayOf(2), 'upsert', from)).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringContaining('there is no "loads"."issues" to upsert into'),
  });
  const left = `SELECT table_name FROM information_schema.tables
    WHERE table_name = 'issues' OR table_name LIKE 'stage%'`;
  expect(await loading.aws.query(left)).toEqual([]);
  await loading.load(cleared(dayOf(2)), 'upsert', await loading.extract(dayOf(2), [issue(3)]));
  expect(await ids()).toEqual([3]);
});
