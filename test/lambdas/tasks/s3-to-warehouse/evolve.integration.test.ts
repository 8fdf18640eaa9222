/** Tables whose declaration says that they evolve, from records to columns. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAttempt } from '#lambdas/lake/attempt.ts';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { logger } from '#lambdas/runtime/log.ts';
import { openServices } from '#lambdas/runtime/services.ts';
import type { Table } from '#lib/contract/table.ts';
import { handler } from '#tasks/s3-to-warehouse/handler.ts';
import { someRun } from '../../../worlds/events.ts';
import { openWarehouseAws, type WarehouseAws, warehouse } from '../../../worlds/warehouse-aws.ts';

const TABLE = 'github_data.things';
const declared: Table = {
  name: TABLE,
  columns: [{ name: 'id', type: 'int8' }],
  primaryKey: ['id'],
  evolve: true,
};

let aws: WarehouseAws;
beforeAll(async () => {
  aws = await openWarehouseAws();
  aws.describeFunction([declared]);
});
afterAll(() => aws.close());

/** Extracts each list of records in an attempt of its own, and loads them all. */
const load = (day: number, ...lists: string[][]) => loadBy('rebuild', day, lists);

async function loadBy(mode: 'rebuild' | 'append', day: number, lists: string[][]) {
  const logicalDate = `2026-11-${day}T00:00:00Z`;
  const run = { ...someRun(), dagId: 'evolve', runId: `202611${day}T000000Z`, logicalDate };
  const from = [];
  for (const [index, records] of lists.entries()) {
    const task = { id: 'extract', attempt: 1, index };
    const context = { ...openServices(), run, task, log: logger({ pipeline: 'p', run: 'r' }) };
    const attempt = await openAttempt(context as TaskContext, { kind: 'lake', dataset: 'things', table: TABLE });
    const bytes = records.map((record) => Buffer.from(record));
    await attempt.add({ url: 'u', status: 200, fetchedAt: logicalDate }, bytes);
    from.push(await attempt.close());
  }
  const input = { connection: warehouse, from, table: { kind: 'table', dataset: TABLE }, mode };
  return handler({ run, task: { id: 'load', attempt: 1 }, input });
}
const rows = () => aws.query('SELECT * FROM github_data.things ORDER BY id');

test('a new field becomes a column, also of a table that exists; what is gone is null', async () => {
  await load(16, ['{"id":1}']);
  expect(await rows()).toEqual([{ id: 1 }]);
  await load(17, ['{"id":1,"size":7,"ok":true,"mark":"a"}', '{"id":2,"size":12345678901234567}']);
  expect(
    await aws.query('SELECT id, CAST(size AS varchar) AS size, ok, mark FROM github_data.things ORDER BY id'),
  ).toEqual([
    { id: 1, size: '7', ok: true, mark: 'a' },
    { id: 2, size: '12345678901234567', ok: null, mark: null },
  ]);
  await load(18, ['{"id":1,"size":8}']);
  expect(await rows()).toEqual([{ id: 1, size: 8, ok: null, mark: null }]);
});

test('a field that differs in kind between attempts is loaded as text, as it was written', async () => {
  await aws.sql('DROP TABLE github_data.things');
  await load(19, ['{"id":1,"v":1.0}'], ['{"id":2,"v":true}'], ['{"id":3,"v":"x"}'], ['{"id":4,"v":null}']);
  expect(await rows()).toEqual([
    { id: 1, v: '1.0' },
    { id: 2, v: 'true' },
    { id: 3, v: 'x' },
    { id: 4, v: null },
  ]);
});

test('a column that was added keeps its type: what comes in another kind fails the load, or widens a rebuild', async () => {
  await aws.sql('DROP TABLE github_data.things');
  await load(20, ['{"id":1,"v":1}']);
  await expect(loadBy('append', 21, [['{"id":2,"v":"x"}']])).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(/v is int8, declared as varchar/),
  });
  expect(await rows()).toEqual([{ id: 1, v: 1 }]);
  await load(22, ['{"id":1,"v":1}'], ['{"id":2,"v":"x"}']);
  expect(await rows()).toEqual([
    { id: 1, v: '1' },
    { id: 2, v: 'x' },
  ]);
});
