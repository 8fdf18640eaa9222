/** `docs/own-extract.md`: its code is files that compile, and its pipeline does what it says. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Run } from '#lib/contract/envelope.ts';
import { dag, tables } from '../../../types/own-extract/dag.ts';
import { handler as stock, stockToS3 } from '../../../types/own-extract/source.ts';
import { carryOut } from '../../../worlds/carry-out.ts';
import { eventOf, someRun } from '../../../worlds/events.ts';
import { type HttpApi, json, openHttpApi } from '../../../worlds/http-api.ts';
import { dayOf } from '../../../worlds/loading.ts';
import { openWarehouseAws, type WarehouseAws } from '../../../worlds/warehouse-aws.ts';

const docs = readFileSync('docs/own-extract.md', 'utf8');
const example = (name: string) => readFileSync(`test/types/own-extract/${name}.ts`, 'utf8');

test('the code of the documentation is files that compile', () => {
  for (const name of ['tables', 'dag'])
    expect(docs).toContain(`\`\`\`ts\n// lib/pipelines/orders/${name}.ts\n${example(name)}\`\`\``);
  const [, ...blocks] = example('source').trimEnd().split('\n\n');
  expect(blocks).toHaveLength(2);
  for (const block of blocks) expect(docs).toContain(`.ts\n${block}\n\`\`\``);
});

let http: HttpApi;
let aws: WarehouseAws;
beforeAll(async () => {
  http = await openHttpApi();
  aws = await openWarehouseAws();
  aws.describeFunction(tables);
  aws.setSecret('shop-secret', JSON.stringify({ baseUrl: `${http.url}/v1`, token: 't-1' }));
  const connections = JSON.parse(process.env['SLUICE_CONNECTIONS'] ?? '{}');
  process.env['SLUICE_CONNECTIONS'] = JSON.stringify({ ...connections, shop: 'shop-secret', api: 'shop-secret' });
});
afterAll(async () => {
  await aws.close();
  await http.close();
});

const order = (id: number, name: string, day: number) => ({
  id,
  customer: { name },
  total: 9.5,
  updated_at: `2026-11-0${day}T06:00:00Z`,
});
const run = (day: number): Run => dayOf(day, { ...someRun(), dagId: dag.id });

test('its pipeline lists all, then what changed, and upserts it', async () => {
  http.answers(
    json(200, { data: [order(1, 'Ann', 1)], meta: { next: 'c-1' } }),
    json(200, { data: [order(2, 'Bo', 1)], meta: { next: null } }),
  );
  await carryOut(dag.graph(), run(1));
  expect(http.received.map(({ url }) => url)).toEqual(['/v1/orders?limit=100', '/v1/orders?limit=100&cursor=c-1']);
  expect(http.received[0]?.headers.authorization).toBe('Bearer t-1');

  http.answers(json(200, { data: [order(2, 'Bo Lee', 2), order(3, 'Cy', 2)], meta: {} }));
  await carryOut(dag.graph(), run(2));
  expect(http.received.map(({ url }) => decodeURIComponent(url ?? ''))).toEqual([
    '/v1/orders?limit=100&updated_since=2026-10-31T23:00:00Z',
  ]);
  expect(await aws.query('select id, customer_name from shop.orders order by id')).toEqual([
    { id: 1, customer_name: 'Ann' },
    { id: 2, customer_name: 'Bo Lee' },
    { id: 3, customer_name: 'Cy' },
  ]);
});

test('its own source goes on as its header says', async () => {
  http.answers(json(200, [order(1, 'Ann', 1)], { 'x-up-to': '1' }), json(200, [order(2, 'Bo', 1)]));
  const to = { kind: 'lake', dataset: 'stock', table: 'shop.orders' };
  const input = { connection: { connection: 'api', type: 'http' }, store: 'north', to };
  expect(stockToS3.type.input.safeParse(input).success).toBe(true);
  expect(await stock(eventOf(input))).toMatchObject({ rows: 2 });
  expect(http.received.map(({ url }) => url)).toEqual(['/v1/stores/north/stock', '/v1/stores/north/stock?from=1']);
});
