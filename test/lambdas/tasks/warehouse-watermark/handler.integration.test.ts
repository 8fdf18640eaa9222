import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Run } from '#lib/contract/envelope.ts';
import type { Table } from '#lib/contract/table.ts';
import { s3Store } from '#lib/runs/store.ts';
import { handler } from '#tasks/warehouse-watermark/handler.ts';
import { dayOf, type Loading, openLoading } from '../../../worlds/loading.ts';
import { BUCKET, warehouse } from '../../../worlds/warehouse-aws.ts';

const ISSUES: Table = {
  name: 'loads.issues',
  columns: [
    { name: 'id', type: 'int8' },
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
        { name: 'issue_id', type: 'int8' },
        { name: 'name', type: 'varchar(50)' },
      ],
    },
  ],
};
const COMMENTS: Table = { ...ISSUES, name: 'loads.comments', children: [] };

let loading: Loading;
beforeAll(async () => {
  loading = await openLoading(ISSUES);
  loading.aws.describeFunction([ISSUES, COMMENTS]);
});
afterAll(() => loading.aws.close());
const dag = dayOf(1);
beforeEach(() => loading.clear('loads.issues', 'loads.labels', 'loads.comments'));

const day = (nth: number, change: Partial<Run> = {}): Run => ({ ...dayOf(nth, dag), ...change });
const decided = (run: Run, input: object = {}) =>
  handler({
    run,
    task: { id: 'watermark', attempt: 1 },
    input: { connection: warehouse, tables: ['loads.issues'], fullEveryDays: 7, ...input },
  });
/** A run of the same DAG that another test has not decided for. */
let clearing = 10;
const anew = (nth: number, change: Partial<Run> = {}) => day(nth, { clearing: clearing++, ...change });
const load = (nth: number, mode: 'rebuild' | 'upsert' = 'rebuild') =>
  loading.pass(anew(nth), mode, [{ id: nth, labels: [], updated_at: '2026-11-01T00:00:00Z' }]);

/** Loads are told apart by the second. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 1100));

const FULL = { since: null, mode: 'rebuild' };
const from = (nth: number) => ({ since: dayOf(nth).logicalDate, mode: 'upsert' });

test('in an empty warehouse it is a full pass', async () => {
  expect(await decided(anew(2))).toEqual(FULL);
});

test('after a load, the next dates go on from it; the date itself and older ones do not', async () => {
  await load(2);
  expect(await decided(anew(3))).toEqual(from(2));
  expect(await decided(anew(5))).toEqual(from(2));
  await load(3, 'upsert');
  expect(await decided(anew(4))).toEqual(from(3));
  expect(await decided(anew(3))).toEqual(from(2));
  expect(await decided(anew(2))).toEqual(FULL);
});

test('a full pass is due by the last rebuild, however much was upserted since, or when it is asked for', async () => {
  await load(2);
  await load(8, 'upsert');
  expect(await decided(anew(9))).toEqual(FULL);
  expect(await decided(anew(9), { fullEveryDays: 8 })).toEqual(from(8));
  expect(await decided(anew(9), { fullEveryDays: 8, full: true })).toEqual(FULL);
  expect(await decided(anew(8))).toEqual(from(2));
});

test('a table that was dropped, lacks a child table, or is declared with a column more is for a full pass', async () => {
  await load(2);
  await loading.aws.sql('DROP TABLE loads.labels');
  expect(await decided(anew(3))).toEqual(FULL);
  await load(3);
  expect(await decided(anew(4))).toEqual(from(3));
  await loading.aws.sql('ALTER TABLE loads.issues DROP COLUMN updated_at');
  expect(await decided(anew(4))).toEqual(FULL);
  await loading.aws.sql('DROP TABLE loads.issues');
  expect(await decided(anew(4))).toEqual(FULL);
});

test('where the run that was loaded last is cleared, and has not loaded again, it is a full pass', async () => {
  await load(2);
  await decided(anew(2));
  expect(await decided(anew(3))).toEqual(FULL);
  await load(2);
  expect(await decided(anew(4))).toEqual(from(2));
});

test('several tables go together; a table of another DAG counts as not loaded', async () => {
  await load(2);
  expect(await decided(anew(3), { tables: ['loads.issues', 'loads.comments'] })).toEqual(FULL);
  expect(await decided(anew(3, { dagId: 'another' }))).toEqual(FULL);
});

test('a table whose rows another DAG replaced since is for a full pass; what that one upserts takes nothing away', async () => {
  const other = (nth: number) => anew(nth, { dagId: `${dag.dagId}-other` });
  const rows = [{ id: 9, labels: [], updated_at: '2026-11-01T00:00:00Z' }];
  await load(2);
  await loading.pass(other(3), 'upsert', rows);
  expect(await decided(anew(4))).toEqual(from(2));
  await loading.pass(other(3), 'rebuild', rows);
  expect(await decided(anew(4))).toEqual(FULL);
  await pause();
  await load(4);
  expect(await decided(anew(5))).toEqual(from(4));
});

test('a table that no pipeline loaded yet is for a full pass, also where nothing at all is recorded', async () => {
  await loading.aws.sql(
    'CREATE SCHEMA IF NOT EXISTS loads',
    'CREATE TABLE loads.issues (id int8, updated_at timestamptz)',
    'CREATE TABLE loads.labels (issue_id int8, name varchar(50))',
  );
  expect(await decided(anew(3))).toEqual(FULL);
});

test('from raw it is as it was in that run, whatever is loaded by now', async () => {
  await load(2);
  const run = anew(3, { dagId: `${dag.dagId}-raw` });
  const store = s3Store({ client: loading.aws.client, bucket: BUCKET });
  const earlier = { output: from(2), attempt: 1 };
  await store.create(`ledger/${run.dagId}/${run.runId}/${run.clearing}/watermark.json`, earlier);
  const again = (more: number) => ({ ...run, clearing: run.clearing + more, fromRaw: true as const });
  expect(await decided(again(1))).toEqual(from(2));
  await expect(decided(again(2), { full: true })).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(/goes from its raw, which holds only what changed since 2026-11-02T00:00:00Z/),
  });
});

test('from raw of a run that decided nothing, there is no snapshot', async () => {
  await expect(decided(anew(3, { dagId: 'never', fromRaw: true }))).rejects.toMatchObject({
    name: 'Sluice.NoSnapshot',
  });
});
