/** Tables that SQL fills have the shape of their declaration, as loaded ones do. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Column, Table } from '#lib/contract/table.ts';
import { handler } from '#tasks/warehouse-sql/handler.ts';
import { cleared, dayOf } from '../../../worlds/loading.ts';
import { openWarehouseAws, type WarehouseAws, warehouse } from '../../../worlds/warehouse-aws.ts';

const FILE = 'sql/reports/days.sql';
const TABLE = 'reports.days';

let aws: WarehouseAws;
beforeAll(async () => {
  aws = await openWarehouseAws();
  mkdirSync(join(aws.dir, 'sql/reports'), { recursive: true });
});
afterAll(() => aws.close());
beforeEach(() => aws.sql('DROP SCHEMA IF EXISTS reports CASCADE'));

const day: Column = { name: 'day', type: 'date' };
const issues: Column = { name: 'open issues', type: 'int8' };
const people: Column = { name: 'people', type: 'varchar(20)' };

/** The report of a run, with a value for each of its columns, the first of which is its key. */
function report(columns: readonly Column[], run = dayOf(19)) {
  const table: Table = { name: TABLE, columns: [...columns], primaryKey: ['day'] };
  aws.describeFunction([table]);
  const named = columns.map(({ name }) => `"${name}"`).join(', ');
  const values = columns.map(({ name, type }) => (name === 'day' ? 'cast(:day as date)' : `cast('7' as ${type})`));
  const sql = `delete from ${TABLE} where day = cast(:day as date);
    insert into ${TABLE} (${named}) select ${values.join(', ')};`;
  writeFileSync(join(aws.dir, FILE), sql);
  const params = { day: run.logicalDate.slice(0, 10) };
  const input = { connection: warehouse, file: FILE, params, table: { kind: 'table', dataset: TABLE } };
  return handler({ run, task: { id: 'report', attempt: 1 }, input });
}
const rows = () => aws.query(`SELECT * FROM ${TABLE} ORDER BY day`);

test('a table and a schema that are not there are created as declared', async () => {
  expect(await report([day, issues])).toEqual({ rows: 1 });
  expect(await rows()).toEqual([{ day: '2026-11-19', 'open issues': 7 }]);
  const keys = `SELECT is_nullable FROM information_schema.columns WHERE table_schema = 'reports' ORDER BY column_name`;
  expect(await aws.query(keys)).toEqual([{ is_nullable: 'NO' }, { is_nullable: 'YES' }]);
});

test('columns that the declaration gets are added to the table, and its history stays', async () => {
  const run = dayOf(20);
  await report([day]);
  expect(await report([people, day, issues], run)).toEqual({ rows: 1 });
  const expected = [
    { day: '2026-11-19', people: null, 'open issues': null },
    { day: '2026-11-20', people: '7', 'open issues': 7 },
  ];
  expect(await rows()).toEqual(expected);
  await report([people, day, issues], cleared(run));
  expect(await rows()).toEqual(expected);
  // A column that is no longer declared stays too.
  await report([day, issues], dayOf(21));
  expect(await rows()).toEqual([...expected, { day: '2026-11-21', people: null, 'open issues': 7 }]);
});

test.each<[string, Column]>([
  ['another type', { name: 'open issues', type: 'varchar(20)' }],
  ['a new column that must not be null', { name: 'people', type: 'int4', notNull: true }],
])('%s is refused with the way out, and the table stays', async (_, column) => {
  await report([day, issues]);
  const refused = report([day, column], dayOf(20));
  await expect(refused).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(
      /"reports"\."days" differs from its declaration: .*Change the declaration back, or keep its rows under another name \(alter table "reports"\."days" rename to "days_old"\)/,
    ),
  });
  expect(await rows()).toEqual([{ day: '2026-11-19', 'open issues': 7 }]);
});

test('the way out that a refusal tells leads out: the table is made anew, and takes the rows that were kept', async () => {
  await report([day, issues]);
  const text: Column = { ...issues, type: 'varchar(20)' };
  const refusal: Error = await report([day, text], dayOf(20)).then(
    () => expect.unreachable(),
    (error: Error) => error,
  );
  const [, rename = ''] = /\((alter table .*?)\)/.exec(refusal.message) ?? [];
  await aws.sql(rename);
  expect(await report([day, text], dayOf(20))).toEqual({ rows: 1 });
  await aws.sql(`insert into ${TABLE} select day, cast("open issues" as varchar(20)) from ${TABLE}_old`);
  expect(await rows()).toEqual([
    { day: '2026-11-19', 'open issues': '7' },
    { day: '2026-11-20', 'open issues': '7' },
  ]);
});

test('a table that is not declared is refused by name', async () => {
  aws.describeFunction([]);
  const input = {
    connection: warehouse,
    file: FILE,
    params: { day: '2026-11-19' },
    table: { kind: 'table', dataset: TABLE },
  };
  await expect(handler({ run: dayOf(19), task: { id: 'report', attempt: 1 }, input })).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringContaining("declares no table 'reports.days'"),
  });
});
