import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONNECTION, TestWarehouse } from '../../worlds/local/warehouse.ts';

let warehouse: TestWarehouse;
let server: Server;
let client: RedshiftDataClient;
beforeAll(async () => {
  warehouse = await TestWarehouse.open();
  server = serve(warehouse).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  client = new RedshiftDataClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
});
afterAll(async () => {
  client.destroy();
  server.close();
  await warehouse[Symbol.asyncDispose]();
});

/** The API's protocol, AWS JSON 1.1: what it takes to let the real client in. */
const serve = ({ api }: TestWarehouse) =>
  createServer((request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] as keyof typeof api;
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    void json(request)
      .then((input) => api[operation](input))
      .then((output) => response.end(toJson(output)))
      .catch(({ name, message }: Error) => response.writeHead(400).end(JSON.stringify({ __type: name, message })));
  });

/** Timestamps are seconds in this protocol. */
const toJson = (value: unknown): string =>
  JSON.stringify(value, function (this: Record<string, unknown>, key, plain) {
    const original = this[key];
    return original instanceof Date ? original.getTime() / 1000 : plain;
  });

describe('The real client of the Data API', () => {
  test('runs a batch, follows it and reads its result', async () => {
    const sent = await client.send(
      new BatchExecuteStatementCommand({
        ...CONNECTION,
        Sqls: [
          'CREATE TEMP TABLE t (id int8, at timestamptz)',
          "INSERT INTO t VALUES (:id, '2026-11-19')",
          'SELECT *, NULL::int AS gone FROM t',
        ],
        Parameters: [{ name: 'id', value: '9007199254740991' }],
        ClientToken: 'token',
      }),
    );
    expect(sent.CreatedAt).toBeInstanceOf(Date);
    const described = await client.send(new DescribeStatementCommand({ Id: sent.Id, WaitTimeSeconds: 30 }));
    expect(described).toMatchObject({ Status: 'FINISHED', HasResultSet: true, WorkgroupName: 'sluice' });
    const result = await client.send(new GetStatementResultCommand({ Id: `${sent.Id}:3` }));
    expect(result.Records).toMatchObject([
      [{ longValue: 9_007_199_254_740_991 }, { stringValue: '2026-11-19 00:00:00+00' }, { isNull: true }],
    ]);
    expect(result.ColumnMetadata?.map(({ typeName }) => typeName)).toEqual(['int8', 'timestamptz', 'int4']);
  });

  test('sees errors of the API as exceptions, and those of SQL in the description', async () => {
    await expect(client.send(new DescribeStatementCommand({ Id: 'nosuch' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Query does not exist: nosuch',
    });
    const { Id } = await client.send(new ExecuteStatementCommand({ ...CONNECTION, Sql: 'SELECT 1 / 0' }));
    const { Status, Error: error } = await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 30 }));
    expect([Status, error]).toEqual(['FAILED', 'ERROR: Divide by zero']);
  });

  test('reads what is no number, and infinity, as the numbers they are', async () => {
    const { Id } = await client.send(
      new ExecuteStatementCommand({
        ...CONNECTION,
        Sql: "SELECT 'NaN'::float8, 'inf'::float8, '-inf'::float8, NULL::float8",
        WaitTimeSeconds: 30,
      }),
    );
    const { Records } = await client.send(new GetStatementResultCommand({ Id }));
    expect(Records).toEqual([
      [{ doubleValue: Number.NaN }, { doubleValue: Infinity }, { doubleValue: -Infinity }, { isNull: true }],
    ]);
  });
});
