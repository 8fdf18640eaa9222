import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataApi } from '#lambdas/warehouse/engines/redshift/client.ts';
import { toJson } from '#lib/cli/terminal/json.ts';
import { table } from '#lib/cli/terminal/table.ts';
import type { Value } from '#lib/sql/quoting.ts';

/** The text of the one field that the Data API gives. */
let field = '';
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await text(request);
  const operation = String(request.headers['x-amz-target']).split('.').at(-1);
  const described =
    '{"Id":"id-1","Status":"FINISHED","HasResultSet":true,"SubStatements":[{"Id":"id-1:1","HasResultSet":true}]}';
  const result = `{"ColumnMetadata":[{"name":"v","label":"v"}],"Records":[[${field}]]}`;
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(operation === 'GetStatementResult' ? result : described);
}
const server = createServer((request, response) => void answer(request, response));
let client: RedshiftDataClient;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  client = new RedshiftDataClient({ endpoint, region: 'us-east-1', credentials });
});
afterAll(() => {
  client.destroy();
  server.close();
});

/** What the value is by both ways in which tasks ask for one. */
async function values(answered: string): Promise<(Value | undefined)[]> {
  field = answered;
  const target = { WorkgroupName: 'w', Database: 'd', SecretArn: 's' };
  const session = dataApi({ client, target, remaining: () => Number.POSITIVE_INFINITY });
  const [row] = await session.query({ doing: 'Asking', sql: 'select v' });
  return [row?.['v'], await session.value({ doing: 'Asking', sqls: ['select v'] })];
}

test('an integer keeps every digit, in what tasks read and in what the terminal shows', async () => {
  const edges = [2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n), 0n, 42n];
  const any = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
  await fc.assert(
    fc.asyncProperty(any, async (n) => {
      for (const value of await values(`{"longValue":${n}}`)) {
        expect(String(value)).toBe(String(n));
        const rows = { columns: ['v'], rows: [[value ?? null]] };
        expect(toJson(rows)).toBe(`{"columns":["v"],"rows":[[${n}]]}`);
        expect(table(rows).split('\n').at(-1)?.trim()).toBe(String(n));
      }
    }),
    { numRuns: 40 },
  );
});

test('a text that looks like a field is left alone', async () => {
  const tricky = '{"longValue":9007199254740993}';
  expect(await values(JSON.stringify({ stringValue: tricky }))).toEqual([tricky, tricky]);
});

test('what is no number is told from null', async () => {
  for (const word of ['NaN', 'Infinity', '-Infinity']) {
    const [value = null] = await values(`{"doubleValue":"${word}"}`);
    expect(value).toBe(Number(word));
    const rows = { columns: ['v'], rows: [[value], [null]] };
    expect(toJson(rows)).toBe(`{"columns":["v"],"rows":[["${word}"],[null]]}`);
    expect(table(rows)).toContain(word);
  }
});
