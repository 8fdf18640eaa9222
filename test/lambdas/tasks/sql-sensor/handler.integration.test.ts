import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler } from '#tasks/sql-sensor/handler.ts';
import { eventOf } from '../../../worlds/events.ts';
import { openWarehouseAws, type WarehouseAws, warehouse } from '../../../worlds/warehouse-aws.ts';

let aws: WarehouseAws;
beforeAll(async () => {
  aws = await openWarehouseAws();
  aws.describeFunction([]);
  await aws.sql('CREATE SCHEMA sales', 'CREATE TABLE sales.orders (day date, amount decimal(10,2), note varchar(20))');
});
afterAll(() => aws.close());

const file = 'sql/report/ready.sql';
function look(sql: string, params: Record<string, unknown> = {}) {
  mkdirSync(dirname(join(aws.dir, file)), { recursive: true });
  writeFileSync(join(aws.dir, file), sql);
  return handler(eventOf({ connection: warehouse, file, params }));
}

test('it is ready once the first value is there, with params bound as values', async () => {
  const sql = '-- orders of the day\nselect count(*) as orders from sales.orders where day = cast(:day as date);';
  await expect(look(sql, { day: '2026-11-19' })).rejects.toMatchObject({
    name: 'Sluice.NotReady',
    message: 'sql/report/ready.sql gives 0.',
  });
  await aws.sql("INSERT INTO sales.orders VALUES ('2026-11-19', 5.50, 'x'), ('2026-11-19', 0, '')");
  expect(await look(sql, { day: '2026-11-19' })).toEqual({ value: 2 });
});

test.for([
  'select 0',
  'select cast(0 as decimal(10,2))',
  "select ''",
  "select '0'",
  'select false',
  'select null',
  'select 0, 1',
  'select 1 where 1 = 0',
  'select 1; select 0',
])('%s is not ready', async (sql) => {
  await expect(look(sql)).rejects.toMatchObject({ name: 'Sluice.NotReady' });
});

test.for([
  ['select 1', 1],
  ['select true', true],
  ["select 'done'", 'done'],
  ['select cast(0.01 as decimal(10,2))', '0.01'],
  ['select -1, 0', -1],
  ['select 0; select 2', 2],
] as const)('%s is ready', async ([sql, value]) => {
  expect(await look(sql)).toEqual({ value });
});

test('a file that ends in no query is terminal, and so is a query that cannot be', async () => {
  await expect(look('create table sales.t (id int)')).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: 'Asking sql/report/ready.sql: its last statement is no query, and gives no value.',
  });
  await expect(look('select 1 from sales.nothing')).rejects.toMatchObject({ name: 'Sluice.Terminal' });
});

test('looks leave nothing in the warehouse', async () => {
  const schemas = await aws.query("select nspname from pg_namespace where nspname = 'sluice'");
  expect(schemas).toEqual([]);
});
