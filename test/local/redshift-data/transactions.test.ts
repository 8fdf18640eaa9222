import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CONNECTION, TestWarehouse } from '../../worlds/local/warehouse.ts';

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await TestWarehouse.open();
});
beforeEach(async () => {
  await warehouse.batch(['DROP TABLE IF EXISTS t', 'CREATE TABLE t (a int)', 'INSERT INTO t VALUES (1)']);
});
afterAll(() => warehouse[Symbol.asyncDispose]());

const rows = () => warehouse.rows('SELECT a FROM t ORDER BY a');
const statuses = ({ SubStatements = [] }: Awaited<ReturnType<TestWarehouse['batch']>>) =>
  SubStatements.map(({ Status }) => Status);

describe('A batch', () => {
  test('commits as a whole', async () => {
    const batch = await warehouse.batch(['DELETE FROM t', 'INSERT INTO t VALUES (2), (3)', 'SELECT count(*) FROM t']);
    expect(batch).toMatchObject({ Status: 'FINISHED', HasResultSet: true });
    expect(batch.SubStatements?.map(({ ResultRows }) => ResultRows)).toEqual([1, 2, 1]);
    expect(await rows()).toEqual([[2], [3]]);
  });

  test('is undone as a whole by a guard that fails, and says which statement it was', async () => {
    const batch = await warehouse.batch([
      'DELETE FROM t',
      "SELECT CAST('this load is stale' AS int)",
      'INSERT INTO t VALUES (2)',
    ]);
    expect(batch.Error).toBe('Query #2 failed with ERROR: invalid input syntax for integer: "this load is stale"');
    expect(statuses(batch)).toEqual(['FINISHED', 'FAILED', 'ABORTED']);
    expect(await rows()).toEqual([[1]]);
  });

  test('undoes what was created, altered and dropped', async () => {
    await warehouse.batch(['CREATE TABLE u (a int)', 'ALTER TABLE t RENAME TO v', 'DROP TABLE v', 'SELECT 1 / 0']);
    expect(await rows()).toEqual([[1]]);
    expect(await warehouse.error('SELECT * FROM u')).toContain('does not exist');
  });

  test('with TRUNCATE commits what came before, and each statement after it by itself', async () => {
    const batch = await warehouse.batch([
      'INSERT INTO t VALUES (2)',
      'TRUNCATE t',
      'INSERT INTO t VALUES (3)',
      'SELECT 1 / 0',
    ]);
    expect(batch.Status).toBe('FAILED');
    expect(await rows()).toEqual([[3]]);
  });

  test.each(['VACUUM t', 'ALTER TABLE t APPEND FROM u'])('does not take %s into its transaction', async (sql) => {
    expect((await warehouse.batch([sql])).Error).toContain('cannot run inside a transaction block');
  });

  test('in AUTO_COMMIT goes on after a failure', async () => {
    const batch = await warehouse.batch(['INSERT INTO t VALUES (2)', 'SELECT 1 / 0', 'INSERT INTO t VALUES (3)'], {
      mode: 'AUTO_COMMIT',
    });
    expect(statuses(batch)).toEqual(['FINISHED', 'FAILED', 'FINISHED']);
    expect(await rows()).toEqual([[1], [2], [3]]);
  });

  test('sees its own temporary tables only', async () => {
    const load = (value: number) =>
      warehouse.batch([
        'CREATE TEMP TABLE stage (a int)',
        `INSERT INTO stage VALUES (${value})`,
        'INSERT INTO t SELECT a FROM stage',
      ]);
    const batches = await Promise.all([load(2), load(3)]);
    expect(batches.map(({ Status }) => Status)).toEqual(['FINISHED', 'FINISHED']);
    expect(await rows()).toEqual([[1], [2], [3]]);
  });

  test('that locks a table waits for another that did, and sees what it left', async () => {
    await fillNumbers();
    const slow = 'SELECT count(*) FROM n AS x CROSS JOIN (SELECT a FROM n LIMIT 2000) AS y';
    const load = (value: number) =>
      warehouse.api.BatchExecuteStatement({
        ...CONNECTION,
        Sqls: ['LOCK TABLE t', slow, `INSERT INTO t SELECT max(a) + ${value} FROM t`],
      });
    const ids = [(await load(10))['Id'], (await load(10))['Id']];
    for (const id of ids) expect(await warehouse.describe(id)).toMatchObject({ Status: 'FINISHED' });
    expect(await rows()).toEqual([[1], [11], [21]]);
  });

  test('may lock the same table again, and no other', async () => {
    expect((await warehouse.batch(['LOCK TABLE t', 'LOCK t'])).Status).toBe('FINISHED');
    expect((await warehouse.batch(['LOCK TABLE t', 'LOCK TABLE n'])).Error).toContain(
      'does not do LOCK of a second table',
    );
    expect(await warehouse.error('LOCK TABLE t')).toContain('can only be used in transaction blocks');
  });

  test('that changes what another open one changed fails with 1023', async () => {
    await fillNumbers();
    const slow = {
      ...CONNECTION,
      Sqls: ['UPDATE t SET a = 2', 'SELECT count(*) FROM n AS x CROSS JOIN n AS y CROSS JOIN n AS z'],
    };
    const { Id } = await warehouse.api.BatchExecuteStatement(slow);
    await firstIsDone(Id);
    expect((await warehouse.batch(['UPDATE t SET a = 3'])).Error).toContain('1023');
    await warehouse.api.CancelStatement({ Id });
    expect(await warehouse.describe(Id)).toMatchObject({ Status: 'ABORTED' });
    expect(await rows()).toEqual([[1]]);
  });
});

/** So many that joining them with each other takes longer than any test. */
async function fillNumbers(): Promise<void> {
  const double = 'INSERT INTO n SELECT a FROM n';
  await warehouse.batch([
    'DROP TABLE IF EXISTS n',
    'CREATE TABLE n (a int)',
    'INSERT INTO n VALUES (1)',
    ...Array<string>(15).fill(double),
  ]);
}

async function firstIsDone(id: unknown): Promise<void> {
  for (;;) {
    const { SubStatements } = await warehouse.api.DescribeStatement({ Id: id });
    if ((SubStatements as { Status: string }[])[0]?.Status === 'FINISHED') return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
