import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestWarehouse } from '../../../worlds/local/warehouse.ts';

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await TestWarehouse.open();
  for (const sql of ['create schema s', 'create table s.t (a int4, b varchar(10))', "insert into s.t values (1, 'x')"])
    await warehouse.run(sql);
});
afterAll(() => warehouse[Symbol.asyncDispose]());

test('a view shows what its query gives at the time, and is replaced and dropped', async () => {
  expect(await warehouse.run('create view s.v as select a + 1 as n from s.t')).toMatchObject({ Status: 'FINISHED' });
  await warehouse.run("insert into s.t values (2, 'y')");
  expect(await warehouse.run('select n from s.v')).toMatchObject({ Status: 'FINISHED', ResultRows: 2 });
  expect(await warehouse.run('create view s.v as select 1 as n')).toMatchObject({ Status: 'FAILED' });
  expect(await warehouse.run('create or replace view s.v as select b from s.t')).toMatchObject({ Status: 'FINISHED' });
  expect(await warehouse.run('select b from s.v')).toMatchObject({ ResultRows: 2 });
  expect(await warehouse.run('drop view s.v')).toMatchObject({ Status: 'FINISHED' });
  expect(await warehouse.run('select 1 from s.v')).toMatchObject({ Status: 'FAILED' });
  expect(await warehouse.run('drop view if exists s.v')).toMatchObject({ Status: 'FINISHED' });
});

test.each([
  ['create view s.w as select a from s.nothing', 'does not exist'],
  ['create view s.w as select a, b as a from s.t', 'specified more than once'],
  ['create view s.w (x) as select a from s.t', 'column names of a view'],
  ['create view s.w as select a from s.t with no schema binding', 'late-binding view'],
])('%s is refused', async (sql, message) => {
  expect(await warehouse.run(sql)).toMatchObject({ Status: 'FAILED', Error: expect.stringContaining(message) });
});
