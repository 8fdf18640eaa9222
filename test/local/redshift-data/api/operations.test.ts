import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONNECTION, TestWarehouse } from '../../../worlds/local/warehouse.ts';

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await TestWarehouse.open();
  await warehouse.batch([
    'CREATE TABLE n (a int)',
    'INSERT INTO n VALUES (1)',
    ...Array<string>(12).fill('INSERT INTO n SELECT a FROM n'),
  ]);
});
afterAll(() => warehouse[Symbol.asyncDispose]());

const ENDLESS = 'SELECT count(*) FROM n AS a CROSS JOIN n AS b CROSS JOIN n AS c CROSS JOIN n AS d';

describe('ExecuteStatement', () => {
  test('answers at once with an id and what it was asked', async () => {
    const answer = await warehouse.api.ExecuteStatement({ ...CONNECTION, Sql: 'SELECT 1' });
    expect(answer).toEqual({
      ...CONNECTION,
      Id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      CreatedAt: expect.any(Date),
    });
  });

  test('waits if it is told to, and tells the status', async () => {
    const answer = await warehouse.api.ExecuteStatement({ ...CONNECTION, Sql: 'SELECT 1', WaitTimeSeconds: 30 });
    expect(answer).toMatchObject({ Status: 'FINISHED', HasResultSet: true });
  });

  test.each([
    [{ Database: undefined }, 'Database is required.'],
    [{ WorkgroupName: undefined }, 'WorkgroupName is required'],
    [{ WorkgroupName: 'other' }, "Redshift endpoint doesn't exist in this region: other"],
    [{ Sql: undefined }, 'Sql'],
    [{ Sql: ' '.repeat(102_401) }, 'A statement has at most 102400 bytes.'],
    [{ Parameters: [{ name: 'x', value: '' }] }, 'Parameters.0.value'],
    [{ Parameters: [{ name: '@x', value: '1' }] }, 'Parameters.0.name'],
    [{ ClientToken: 'x'.repeat(65) }, 'ClientToken'],
    [{ WaitTimeSeconds: 31 }, 'WaitTimeSeconds'],
    [{ ClusterIdentifier: 'c' }, 'does not do provisioned clusters'],
    [{ SessionId: 's' }, 'does not do sessions'],
    [{ ResultFormat: 'CSV' }, 'does not do results as CSV'],
    [{ WithEvent: true }, 'does not send events'],
    [{ Sqll: 'SELECT 1' }, 'Sqll'],
  ])('with %j is a ValidationException', async (change, message) => {
    await expect(warehouse.api.ExecuteStatement({ ...CONNECTION, Sql: 'SELECT 1', ...change })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });

  test('of an unknown database fails when it runs', async () => {
    const { Id } = await warehouse.api.ExecuteStatement({ ...CONNECTION, Database: 'nosuch', Sql: 'SELECT 1' });
    expect(await warehouse.describe(Id)).toMatchObject({
      Status: 'FAILED',
      Error: 'FATAL: database "nosuch" does not exist',
    });
  });

  test('with the token of an earlier request is that request', async () => {
    const request = { ...CONNECTION, Sql: 'INSERT INTO once SELECT 1', ClientToken: 'load-1' };
    await warehouse.ok('CREATE TABLE once (a int)');
    const [first, second] = await Promise.all([
      warehouse.api.ExecuteStatement(request),
      warehouse.api.ExecuteStatement(request),
    ]);
    const third = await warehouse.api.ExecuteStatement({ ...request, WaitTimeSeconds: 30 });
    expect([second['Id'], third['Id']]).toEqual([first['Id'], first['Id']]);
    expect(await warehouse.rows('SELECT count(*) FROM once')).toEqual([[1]]);
    await expect(warehouse.api.ExecuteStatement({ ...request, Sql: 'SELECT 1' })).rejects.toThrow(
      'was used with another request',
    );
  });
});

describe('BatchExecuteStatement', () => {
  test('takes 40 statements and no more', async () => {
    const send = (count: number) =>
      warehouse.api.BatchExecuteStatement({ ...CONNECTION, Sqls: Array<string>(count).fill('SELECT 1') });
    await expect(send(40)).resolves.toHaveProperty('Id');
    await expect(send(41)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('DescribeStatement', () => {
  test('tells of a batch and of its parts', async () => {
    const { Id, SubStatements = [] } = await warehouse.batch(['SELECT 1', 'INSERT INTO n SELECT 1']);
    expect(await warehouse.describe(Id)).toMatchObject({
      Status: 'FINISHED',
      HasResultSet: true,
      Duration: expect.any(Number),
    });
    expect(SubStatements).toMatchObject([
      { Id: `${Id}:1`, QueryString: 'SELECT 1', HasResultSet: true, ResultRows: 1 },
      { Id: `${Id}:2`, QueryString: 'INSERT INTO n SELECT 1', HasResultSet: false, ResultRows: 1 },
    ]);
    expect(await warehouse.describe(`${Id}:2`)).toMatchObject({ Id: `${Id}:2`, Status: 'FINISHED', ResultRows: 1 });
  });

  test('waits no longer than it is told', async () => {
    const { Id } = await warehouse.api.ExecuteStatement({ ...CONNECTION, Sql: ENDLESS });
    expect(await warehouse.api.DescribeStatement({ Id, WaitTimeSeconds: 1 })).toMatchObject({
      Status: 'STARTED',
      ResultRows: -1,
    });
    await warehouse.api.CancelStatement({ Id });
    expect(await warehouse.describe(Id)).toMatchObject({ Status: 'ABORTED' });
  });

  test.each(['nosuch', 'nosuch:1'])('does not know %s', async (Id) => {
    await expect(warehouse.api.DescribeStatement({ Id })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('GetStatementResult', () => {
  test('gives pages', async () => {
    const { Id } = await warehouse.ok('SELECT a FROM n LIMIT 2500');
    const pages: number[] = [];
    for (let NextToken: unknown; pages.length === 0 || NextToken !== undefined; ) {
      const result = await warehouse.api.GetStatementResult({ Id, ...(NextToken === undefined ? {} : { NextToken }) });
      pages.push((result['Records'] as unknown[]).length);
      NextToken = result['NextToken'];
      expect(result['TotalNumRows']).toBe(2500);
    }
    expect(pages).toEqual([1000, 1000, 500]);
  });

  test('has nothing for a statement that failed, gave no rows, or is a batch', async () => {
    const ids = [
      await warehouse.run('SELECT 1 / 0'),
      await warehouse.run('DELETE FROM n WHERE a = 7'),
      await warehouse.batch(['SELECT 1']),
    ];
    for (const { Id } of ids) {
      await expect(warehouse.api.GetStatementResult({ Id })).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: 'Query does not have result. Please check query status with DescribeStatement.',
      });
    }
  });

  test('has nothing yet for a statement that runs', async () => {
    const { Id } = await warehouse.api.ExecuteStatement({ ...CONNECTION, Sql: ENDLESS });
    await expect(warehouse.api.GetStatementResult({ Id })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await warehouse.api.CancelStatement({ Id });
  });
});

describe('CancelStatement', () => {
  test('of one that has ended is a ValidationException', async () => {
    const { Id } = await warehouse.ok('SELECT 1');
    await expect(warehouse.api.CancelStatement({ Id })).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('The lists', () => {
  test('of statements are newest first and filtered', async () => {
    for (const StatementName of ['load-a', 'load-b', 'other']) {
      await warehouse.api.ExecuteStatement({ ...CONNECTION, Sql: 'SELECT 1', StatementName, WaitTimeSeconds: 30 });
    }
    const { Statements, NextToken } = await warehouse.api.ListStatements({ StatementName: 'load', MaxResults: 1 });
    expect(Statements).toMatchObject([{ StatementName: 'load-b', Status: 'FINISHED', IsBatchStatement: false }]);
    expect(await warehouse.api.ListStatements({ StatementName: 'load', NextToken })).toMatchObject({
      Statements: [{ StatementName: 'load-a' }],
    });
    expect(await warehouse.api.ListStatements({ StatementName: 'load', Status: 'FAILED' })).toEqual({ Statements: [] });
  });

  test('of databases, schemas and tables show what users made', async () => {
    await warehouse.ok('CREATE SCHEMA github_data');
    await warehouse.ok("CREATE TABLE github_data.issues (id int8 NOT NULL, title varchar(20) DEFAULT 'x')");
    expect(await warehouse.api.ListDatabases(CONNECTION)).toEqual({ Databases: ['dev'] });
    expect(await warehouse.api.ListSchemas({ ...CONNECTION, SchemaPattern: 'git%' })).toEqual({
      Schemas: ['github_data'],
    });
    expect(await warehouse.api.ListTables({ ...CONNECTION, TablePattern: 'iss%' })).toEqual({
      Tables: [{ schema: 'github_data', name: 'issues', type: 'TABLE' }],
    });
    expect(await warehouse.api.DescribeTable({ ...CONNECTION, Schema: 'github_data', Table: 'issues' })).toMatchObject({
      ColumnList: [
        { name: 'id', typeName: 'int8', nullable: 0 },
        { name: 'title', typeName: 'varchar', length: 20, nullable: 1 },
      ],
    });
  });
});
