import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Deployment } from '#lib/cli/deployment/deployment.ts';
import { query, statementOf } from '#lib/cli/deployment/warehouse.ts';
import { openRedshiftAws, target } from '../../../worlds/warehouse-aws.ts';

let aws: Awaited<ReturnType<typeof openRedshiftAws>>;
let deployment: Deployment;
beforeAll(async () => {
  aws = await openRedshiftAws();
  const platform = { Workgroup: target.WorkgroupName, Database: target.Database, WarehouseSecret: target.SecretArn };
  deployment = { aws: { redshiftData: aws.dataApi }, platform } as Deployment;
});
afterAll(() => aws.close());

const ask = (sql: string) => query(deployment, sql);

test('a question gives its columns in their order, twice the same name too, and every digit', async () => {
  expect(await ask('select 9007199254740993 as n, null as m, 2 as n')).toEqual({
    columns: ['n', 'm', 'n'],
    rows: [[9007199254740993n, null, 2]],
  });
});

test('a change says how many rows it changed', async () => {
  await ask('create schema asked');
  expect(await ask('create table asked.t (id int)')).toEqual({ columns: [], rows: [], changed: 0 });
  expect(await ask('insert into asked.t values (1), (2), (3)')).toMatchObject({ changed: 3 });
  expect(await ask('update asked.t set id = 7 where id > 1')).toMatchObject({ changed: 2 });
  expect(await ask('select * from asked.t where id = 0')).toEqual({ columns: ['id'], rows: [] });
});

test("what the warehouse refuses is told in its own words, as the user's mistake", async () => {
  await expect(ask('select nothing from asked.t')).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringMatching(/^ERROR: column "nothing" does not exist/),
  });
});

test.each([
  ['delete from t', 'DELETE may change what the warehouse holds, and was not run. With --write it is.'],
  ['select 1; drop table t', 'Give one statement; the text has 2.'],
  ['-- nothing', 'Give one statement; the text has none.'],
  ["select 'a", "The statement is not whole: a quote or comment is not closed: 'a"],
])('%s is not sent', (sql, message) => {
  expect(() => statementOf(sql)).toThrow(message);
});

test('with leave to change, a change is sent; of questions nothing is said', () => {
  expect(statementOf('delete from t;', { mayChange: true })).toMatchObject({
    statement: 'delete from t',
    verb: 'DELETE',
  });
  expect(statementOf('select 1')).toMatchObject({ isChange: false });
});
