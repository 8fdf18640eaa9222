import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Config } from '#lib/contract/config.ts';
import { pipelineFile } from '#lib/contract/table.ts';
import { Dag } from '#lib/dag/index.ts';
import type { Pipeline } from '#lib/pipelines/pipeline.ts';
import { raw, table, use } from '#sluice';
import { dataQuality, unique } from '#tasks/data-quality/task.ts';
import { fileToS3 } from '#tasks/file-to-s3/task.ts';
import { s3ToWarehouse } from '#tasks/s3-to-warehouse/task.ts';
import { ofType, type Resource, refusal, rightsOf, type Synthesized, synthesized } from '../../worlds/synthesized.ts';

/** Loads a file into a database, and checks tables of two. */
function shop(): Record<string, Pipeline> {
  const dag = new Dag('shop', { schedule: '@daily', startDate: '2026-01-01' });
  const [orders, customers] = [use('postgres', 'orders-db'), use('postgres', 'customers-db')];
  const to = raw('orders', { table: 'shop.orders' });
  const file = dag.task('file', fileToS3({ connection: use('http', 'files'), path: '/orders', format: 'ndjson', to }));
  const into = { connection: orders, table: table('shop.orders'), mode: 'truncate' } as const;
  const load = dag.task('load', s3ToWarehouse({ ...into, from: file.output }));
  const check = (id: string, connection: typeof orders | typeof customers) =>
    dag.task(id, dataQuality({ connection, checks: [unique('shop.orders', ['id'])] })).after(load);
  check('check-orders', orders);
  check('check-customers', customers);
  const { tables } = pipelineFile.parse({
    tables: [{ name: 'shop.orders', columns: [{ name: 'id', type: 'int8' }], primaryKey: ['id'] }],
  });
  return { shop: { dag, tables } };
}

const network = { subnets: ['subnet-0a1b', 'subnet-0c2d'], securityGroups: ['sg-0e3f'] };
const withNetworks = (...names: string[]): Config => ({
  stages: { default: { postgres: Object.fromEntries(names.map((name) => [name, { network }])) } },
});

let open: Synthesized;
let inside: Synthesized;
beforeAll(async () => {
  open = await synthesized({ pipelines: shop() });
  inside = await synthesized({ pipelines: shop(), config: withNetworks('orders-db', 'customers-db') });
});
afterAll(() => {
  open.remove();
  inside.remove();
});

const functionOf = ({ templates }: Synthesized, type: string): Resource =>
  Object.values(ofType(templates['Sluice-shop'] as never, 'AWS::Lambda::Function')).find(
    ({ Properties }) => Properties.FunctionName === `Sluice-shop-${type}`,
  ) as Resource;
const rights = ({ templates }: Synthesized, type: string): string[] => {
  const roles = Object.entries(ofType(templates['Sluice-shop'] as never, 'AWS::IAM::Role'));
  return rightsOf(roles.find(([id]) => id.startsWith(type.replaceAll('-', '')))?.[1] as Resource);
};

test('a function that works on PostgreSQL has its secret, and nothing of Redshift', () => {
  const { Variables } = functionOf(open, 's3-to-warehouse').Properties.Environment;
  expect(JSON.parse(Variables.SLUICE_CONNECTIONS)).toEqual({ 'orders-db': 'Sluice/connections/orders-db' });
  expect(Object.keys(Variables).filter((name) => /WORKGROUP|DATABASE|COPY/.test(name))).toEqual([]);
  const found = rights(open, 's3-to-warehouse');
  expect(found.filter((right) => /redshift-data|ec2:/.test(right))).toEqual([]);
  expect(found.filter((right) => right.includes('GetSecretValue'))).toHaveLength(1);
});

test('the files that a load streams from the lake, it may read', () => {
  expect(rights(open, 's3-to-warehouse')).toContain('Allow s3:GetObject lake/stage/shop/orders/*');
});

test('a server that the settings do not name is reached from outside of any network', () => {
  for (const type of ['s3-to-warehouse', 'data-quality', 'file-to-s3'])
    expect(functionOf(open, type).Properties.VpcConfig).toBeUndefined();
});

test('functions lie in the network of their database, and no others do', () => {
  const VpcConfig = { SubnetIds: network.subnets, SecurityGroupIds: network.securityGroups };
  for (const type of ['s3-to-warehouse', 'data-quality']) {
    expect(functionOf(inside, type).Properties.VpcConfig).toEqual(VpcConfig);
    expect(rights(inside, type)).toContain('Allow ec2:CreateNetworkInterface *');
  }
  expect(functionOf(inside, 'file-to-s3').Properties.VpcConfig).toBeUndefined();
  expect(rights(inside, 'file-to-s3').filter((right) => right.includes('ec2:'))).toEqual([]);
});

test('the commands learn which connections lead to a database', () => {
  const outputs = open.templates['Sluice-shop']?.Outputs;
  expect(JSON.parse(String(outputs?.['Databases']?.Value))).toEqual(['customers-db', 'orders-db']);
});

test('databases in different networks, and a setting of no connection, are refused', async () => {
  expect(await refusal({ pipelines: shop(), config: withNetworks('orders-db') })).toMatch(
    /The data-quality tasks work on the connections 'customers-db' and 'orders-db', .* Put them into two pipelines\./,
  );
  expect(await refusal({ pipelines: shop(), config: withNetworks('order-db') })).toMatch(
    /names order-db, and the pipelines of the stage use customers-db, orders-db\. Correct the name/,
  );
});
