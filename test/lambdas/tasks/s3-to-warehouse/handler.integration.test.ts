import { gzipSync } from 'node:zlib';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openAttempt } from '#lambdas/lake/attempt.ts';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { logger } from '#lambdas/runtime/log.ts';
import { openServices, type Services } from '#lambdas/runtime/services.ts';
import type { Run } from '#lib/contract/envelope.ts';
import type { Extracted } from '#lib/contract/extracted.ts';
import type { Table } from '#lib/contract/table.ts';
import { ledgerKey } from '#lib/runs/keys.ts';
import { readManifest } from '#lib/runs/manifest.ts';
import { handler } from '#tasks/s3-to-warehouse/handler.ts';
import { someRun } from '../../../worlds/events.ts';
import { BUCKET, ENGINE, openWarehouseAws, type WarehouseAws, warehouse } from '../../../worlds/warehouse-aws.ts';

const TABLE = 'github_data.a-b_issues';
const ASSIGNEES = 'github_data.a-b_issue_assignees';
const declared: Table = {
  name: TABLE,
  columns: [
    { name: 'id', type: 'int8', notNull: true },
    { name: 'title', type: 'varchar(200)' },
    { name: 'created_at', type: 'timestamptz' },
  ],
  primaryKey: ['id'],
  distKey: 'id',
  sortKey: ['created_at'],
  children: [
    {
      name: ASSIGNEES,
      from: ['assignees'],
      parent: { issue_id: 'id' },
      columns: [
        { name: 'issue_id', type: 'int8', notNull: true },
        { name: 'id', type: 'int8', notNull: true },
        { name: 'login', type: 'varchar(50)' },
      ],
    },
  ],
};

let aws: WarehouseAws;
let services: Services;
beforeAll(async () => {
  aws = await openWarehouseAws();
  aws.describeFunction([declared]);
  services = openServices();
});
afterAll(() => aws.close());
beforeEach(async () => {
  aws.describeFunction([declared]);
  await aws.sql(
    `DROP TABLE IF EXISTS github_data."a-b_issues"`,
    `DROP TABLE IF EXISTS github_data."a-b_issue_assignees"`,
  );
  await aws.sql('DROP TABLE IF EXISTS sluice.loads', 'DROP TABLE IF EXISTS sluice.claims');
});

const T = '2026-11-19T06:00:00Z';
/** What the message leads on with. */
const WHY_ROWS_DO_NOT_FIT =
  ENGINE === 'redshift' ? 'sys_load_error_detail' : 'value too long for type character varying(200)';
const issue = (id: number, title = `issue ${id}`, assignees: string[] = []) => ({
  id,
  title,
  created_at: T,
  assignees: assignees.map((login) => ({ id: 900 + login.length, login })),
});

/** As an extract does it, page by page. */
async function extract(run: Run, ...pages: object[][]): Promise<Extracted> {
  const context = { ...services, run, task: { id: 'extract', attempt: 1 }, log: logger({ pipeline: 'p', run: 'r' }) };
  const attempt = await openAttempt(context as TaskContext, { kind: 'lake', dataset: 'a-b_issues', table: TABLE });
  for (const page of pages) {
    await attempt.add(
      { url: 'u', status: 200, fetchedAt: T },
      page.map((record) => Buffer.from(JSON.stringify(record))),
    );
  }
  return attempt.close();
}

const load = (run: Run, from: Extracted | Extracted[], attempt = 1) =>
  handler({
    run,
    task: { id: 'load', attempt },
    input: { connection: warehouse, from, table: { kind: 'table', dataset: TABLE }, mode: 'rebuild' },
  });
const failure = (run: Run, from: Extracted | Extracted[]) => load(run, from).then(undefined, (error: Error) => error);

const issues = () => aws.query(`SELECT id, title FROM github_data."a-b_issues" ORDER BY id`);
const assignees = () => aws.query(`SELECT issue_id, login FROM github_data."a-b_issue_assignees" ORDER BY 1, 2`);
const stagingTables = () =>
  aws.query(
    `SELECT table_name FROM information_schema.tables WHERE table_schema = 'sluice' AND table_name LIKE 'stage%'`,
  );
const cleared = (run: Run): Run => ({ ...run, clearing: run.clearing + 1 });
const dayAfter = (run: Run): Run => ({ ...run, runId: '20261120T000000Z', logicalDate: '2026-11-20T00:00:00Z' });
const forget = (run: Run) =>
  aws.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: ledgerKey(run, { id: 'load', attempt: 1 }) }));

test('rows and their child rows are loaded, and the load is recorded with its counts', async () => {
  const run = someRun();
  const text = "it's 'quoted' \\ ünïcode\r\n";
  const from = await extract(run, [issue(1, text, ['ann', 'bo']), issue(2)], [issue(12_345_678_901)]);
  expect(await load(run, from)).toEqual({ rows: 3, childRows: 2 });
  expect(await issues()).toEqual([
    { id: 1, title: text },
    { id: 2, title: 'issue 2' },
    { id: 12_345_678_901, title: 'issue 12345678901' },
  ]);
  expect(await assignees()).toEqual([
    { issue_id: 1, login: 'ann' },
    { issue_id: 1, login: 'bo' },
  ]);
  expect(
    await aws.query(`SELECT table_name, dag_id, run_id, task_id, clearing, n, mode, manifests, extracted, quarantined,
      staged, duplicates, inserted, deleted, CAST(logical_date AS varchar) AS date FROM sluice.loads ORDER BY 1 DESC`),
  ).toEqual([
    expect.objectContaining({ table_name: TABLE, extracted: 3, staged: 3, duplicates: 0, inserted: 3, deleted: 0 }),
    expect.objectContaining({
      table_name: ASSIGNEES,
      run_id: run.runId,
      staged: 2,
      inserted: 2,
      n: 1,
      mode: 'rebuild',
    }),
  ]);
  expect(await stagingTables()).toEqual([]);
});

test('loading twice gives the same tables; what is gone from the source is gone', async () => {
  const run = someRun();
  const from = await extract(run, [issue(1, 'one', ['ann']), issue(2)]);
  await load(run, from);
  const before = [await issues(), await assignees()];
  expect(await load(cleared(run), from)).toEqual({ rows: 2, childRows: 1 });
  expect([await issues(), await assignees()]).toEqual(before);

  const next = dayAfter(run);
  await load(next, await extract(next, [issue(2)]));
  expect([await issues(), await assignees()]).toEqual([[{ id: 2, title: 'issue 2' }], []]);
});

test('an attempt that was cut off after its transaction has loaded once, and the next one tells so', async () => {
  const run = someRun();
  const from = await extract(run, [issue(1, 'one', ['ann'])]);
  await load(run, from);
  await forget(run);
  expect(await load(run, from, 2)).toEqual({ rows: 1, childRows: 1 });
  expect(await aws.query('SELECT COUNT(*) AS n FROM sluice.loads')).toEqual([{ n: 2 }]);
});

test('a part file of an attempt that died is never loaded', async () => {
  const run = someRun();
  const from = await extract(run, [issue(1)]);
  const manifest = await readManifest(services.store, from.manifest);
  const [part] = manifest.stage[TABLE]?.parts ?? [];
  const dead = gzipSync(`${JSON.stringify({ sluice_record: 1, ...issue(666) })}\n`);
  const beside = part?.key.replace('part-00000', 'part-00001') ?? '';
  const elsewhere = part?.key.replace(/attempt=[^/]+/, 'attempt=dead') ?? '';
  for (const Key of [beside, elsewhere])
    await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: dead }));
  expect(await load(run, from)).toEqual({ rows: 1, childRows: 0 });
  expect(await issues()).toEqual([{ id: 1, title: 'issue 1' }]);
});

test('all items of a mapped extract are loaded, those without rows too', async () => {
  const run = someRun();
  const from = [await extract(run, [issue(1)]), await extract(run), await extract(run, [issue(2, 'two', ['bo'])])];
  expect(await load(run, from)).toEqual({ rows: 2, childRows: 1 });
});

test('fields that no column takes are counted by their names, over all extracts; a load without such says nothing', async () => {
  const run = someRun();
  const from = [
    await extract(run, [{ ...issue(1), constructor: 1, state: 'open' }]),
    await extract(run, [{ ...issue(2), state: 'closed', assignees: [{ id: 1, login: 'a', type: 'User' }] }]),
  ];
  expect(await load(run, from)).toEqual({ rows: 2, childRows: 1, unloaded: { table: TABLE, fields: 3 } });
});

test('an extract without rows empties the table', async () => {
  const run = someRun();
  await load(run, await extract(run, [issue(1, 'one', ['ann'])]));
  const next = dayAfter(run);
  expect(await load(next, await extract(next))).toEqual({ rows: 0, childRows: 0 });
  expect([await issues(), await assignees()]).toEqual([[], []]);
});

test('of two rows with one key the later one counts, with its child rows; the other is counted as duplicate', async () => {
  const run = someRun();
  const from = await extract(run, [issue(1, 'old', ['ann', 'bo']), issue(2)], [issue(1, 'new', ['cleo'])]);
  expect(await load(run, from)).toEqual({ rows: 2, childRows: 1 });
  expect(await issues()).toEqual([
    { id: 1, title: 'new' },
    { id: 2, title: 'issue 2' },
  ]);
  expect(await assignees()).toEqual([{ issue_id: 1, login: 'cleo' }]);
  expect(await aws.query('SELECT staged, duplicates, inserted FROM sluice.loads ORDER BY table_name')).toEqual([
    { staged: 3, duplicates: 2, inserted: 1 },
    { staged: 3, duplicates: 1, inserted: 2 },
  ]);
});

test('an older logical date changes nothing where a newer one is loaded', async () => {
  const run = someRun();
  const newer = dayAfter(run);
  await load(newer, await extract(newer, [issue(2)]));
  expect(await failure(run, await extract(run, [issue(1)]))).toMatchObject({
    name: 'Sluice.NoSnapshot',
    message:
      'Loading "github_data"."a-b_issues" for 2026-11-19T00:00:00Z: a newer logical date is loaded. ' +
      'An older run does not overwrite it.',
  });
  expect(await issues()).toEqual([{ id: 2, title: 'issue 2' }]);
  expect(await stagingTables()).toEqual([]);
});

test('a run that goes from raw is superseded by a newer date: it succeeds, and changes nothing', async () => {
  const run = someRun();
  await load(run, await extract(run, [issue(1)]));
  const newer = dayAfter(run);
  await load(newer, await extract(newer, [issue(2, 'issue 2', ['ann'])]));
  const from = await extract(run, [issue(1)]);
  expect(await load({ ...cleared(run), fromRaw: true }, from)).toEqual({ rows: 0, childRows: 0, superseded: true });
  expect(await issues()).toEqual([{ id: 2, title: 'issue 2' }]);
  expect(await assignees()).toEqual([{ issue_id: 2, login: 'ann' }]);
  expect(await stagingTables()).toEqual([]);
});

test('rows that do not reconcile with the manifest change nothing', async () => {
  const run = someRun();
  await load(run, await extract(run, [issue(1)]));
  const next = dayAfter(run);
  const from = await extract(next, [issue(2), issue(3)]);
  const manifest = await readManifest(services.store, from.manifest);
  const stage = { ...manifest.stage, [TABLE]: { parts: manifest.stage[TABLE]?.parts ?? [], rows: 3 } };
  const Body = JSON.stringify({ ...manifest, stage });
  await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: from.manifest, Body }));
  expect(await failure(next, from)).toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringContaining(
      '2 rows were copied for "github_data"."a-b_issues", its manifests say 3. No table was changed.',
    ),
  });
  expect(await issues()).toEqual([{ id: 1, title: 'issue 1' }]);
  expect(await stagingTables()).toEqual([]);
});

test('a part that is gone or does not fit fails the load, and the tables stay', async () => {
  const run = someRun();
  await load(run, await extract(run, [issue(1)]));
  const next = dayAfter(run);
  const from = await extract(next, [issue(2)]);
  const { stage } = await readManifest(services.store, from.manifest);
  const Key = stage[TABLE]?.parts[0]?.key ?? '';
  const { bytes = 0 } = stage[TABLE]?.parts[0] ?? {};
  await aws.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
  expect(await failure(next, from)).toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringContaining('COPY'),
  });

  const line = JSON.stringify({ sluice_record: 1, id: 2, title: 'x'.repeat(201) });
  await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: gzipSync(`${line}\n`) }));
  const error = await failure(next, from);
  expect(error).toMatchObject({ name: 'Sluice.Terminal', message: expect.stringContaining(WHY_ROWS_DO_NOT_FIT) });
  expect(bytes).toBeGreaterThan(0);
  expect(await issues()).toEqual([{ id: 1, title: 'issue 1' }]);
  expect(await aws.query("SELECT MAX(n) AS n FROM sluice.claims WHERE run_id = '20261120T000000Z'")).toEqual([
    { n: 3 },
  ]);
});

test('a manifest of another table is refused', async () => {
  const run = someRun();
  const from = await extract(run, [issue(1)]);
  aws.describeFunction([declared, { ...declared, name: 'github_data.other', children: [] }]);
  const input = {
    connection: warehouse,
    from,
    table: { kind: 'table', dataset: 'github_data.other' },
    mode: 'rebuild',
  };
  await expect(handler({ run, task: { id: 'load', attempt: 1 }, input })).rejects.toThrow(
    `Loading github_data.other: ${from.manifest} holds rows of ${TABLE}.`,
  );
});
