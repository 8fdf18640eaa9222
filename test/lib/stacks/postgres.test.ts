import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Config } from '#lib/contract/config.ts';
import { pipelineFile } from '#lib/contract/table.ts';
import { Dag } from '#lib/dag/index.ts';
import type { Pipeline } from '#lib/pipelines/pipeline.ts';
import { raw, table, use } from '#sluice';
import { dataQuality, unique } from '#tasks/data-quality/task.ts';
import { fileToS3 } from '#tasks/file-to-s3/task.ts';
import { s3ToWarehouse } from '#tasks/s3-to-warehouse/task.ts';
import {
  line,
  ofType,
  type Resource,
  refusal,
  rightsOf,
  type Synthesized,
  synthesized,
} from '../../worlds/synthesized.ts';

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

const checkOf = (...[type, name]: ['postgres' | 'redshift', string]) =>
  dataQuality({ connection: use(type, name), checks: [unique('shop.orders', ['id'])] });

/** Checks a table of a connection, and does something else. */
function checked(...[type, name, other]: ['postgres', string, ReturnType<typeof checkOf>?]): Record<string, Pipeline> {
  const dag = new Dag('checked', { schedule: '@daily', startDate: '2026-01-01' });
  dag.task('check', checkOf(type, name));
  if (other) dag.task('other', other);
  return { checked: { dag, tables: shop()['shop']?.tables ?? [] } };
}

const network = { subnets: ['subnet-0a1b', 'subnet-0c2d'], securityGroups: ['sg-0e3f'] };
const withNetworks = (...names: string[]): Config => ({
  stages: { default: { postgres: Object.fromEntries(names.map((name) => [name, { network }])) } },
});
const withAurora = (...names: string[]): Config => ({
  stages: { default: { postgres: Object.fromEntries(names.map((name) => [name, { aurora: true }])) } },
});

let open: Synthesized;
let inside: Synthesized;
let aurora: Synthesized;
beforeAll(async () => {
  open = await synthesized({ pipelines: shop() });
  inside = await synthesized({ pipelines: shop(), config: withNetworks('orders-db', 'customers-db') });
  aurora = await synthesized({ pipelines: shop(), config: withAurora('orders-db', 'customers-db') });
});
afterAll(() => {
  open.remove();
  inside.remove();
  aurora.remove();
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

const inPlatform = ({ templates }: Synthesized, type: string) =>
  Object.values(ofType(templates['Sluice'] as never, type)).map(({ Properties }) => Properties);

test('Aurora pauses, is encrypted and private, and leaves a snapshot', () => {
  const clusters = Object.values(ofType(aurora.templates['Sluice'] as never, 'AWS::RDS::DBCluster'));
  expect(clusters.map(({ Properties }) => Properties.DBClusterIdentifier)).toEqual([
    'sluice-customers-db',
    'sluice-orders-db',
  ]);
  for (const { Properties, DeletionPolicy } of clusters) {
    expect(DeletionPolicy).toBe('Snapshot');
    expect(Properties).toMatchObject({
      Engine: 'aurora-postgresql',
      ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 4, SecondsUntilAutoPause: 300 },
      EnableHttpEndpoint: true,
      EnableIAMDatabaseAuthentication: true,
      StorageEncrypted: true,
    });
    expect(line(Properties.MasterUserPassword)).toMatch(
      /^\{\{resolve:secretsmanager:<\w+>:SecretString:password::\}\}$/,
    );
  }
  const instances = inPlatform(aurora, 'AWS::RDS::DBInstance');
  expect(instances).toHaveLength(2);
  for (const instance of instances)
    expect(instance).toMatchObject({ DBInstanceClass: 'db.serverless', PubliclyAccessible: false });
});

test('only the functions’ security group gets into Aurora, whose network leads to S3 alone', () => {
  const [functions] = Object.keys(ofType(aurora.templates['Sluice'] as never, 'AWS::EC2::SecurityGroup')).filter((id) =>
    id.startsWith('AuroraNetwork'),
  );
  const GroupId = { 'Fn::GetAtt': [functions, 'GroupId'] };
  const groups = inPlatform(aurora, 'AWS::EC2::SecurityGroup').filter(
    ({ SecurityGroupIngress }) => SecurityGroupIngress,
  );
  expect(groups).toHaveLength(2);
  for (const { SecurityGroupIngress, SecurityGroupEgress } of groups) {
    expect(SecurityGroupIngress).toMatchObject([{ FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: GroupId }]);
    expect(SecurityGroupEgress).toMatchObject([{ CidrIp: '255.255.255.255/32' }]);
  }
  for (const egress of inPlatform(aurora, 'AWS::EC2::SecurityGroupEgress'))
    expect(egress).toMatchObject({ FromPort: 5432, ToPort: 5432, GroupId });
  const types = new Set(Object.values(aurora.templates['Sluice']?.Resources ?? {}).map(({ Type }) => Type));
  for (const way of ['NatGateway', 'InternetGateway', 'Route', 'EIP']) expect(types).not.toContain(`AWS::EC2::${way}`);
  expect(inPlatform(aurora, 'AWS::EC2::VPCEndpoint').map(({ VpcEndpointType }) => VpcEndpointType)).toEqual([
    'Gateway',
    'Gateway',
  ]);
});

test('functions on Aurora lie in its network, log in by their role, and need no secret', () => {
  const { VpcConfig, Environment } = functionOf(aurora, 'data-quality').Properties;
  expect(VpcConfig.SubnetIds).toHaveLength(3);
  expect(VpcConfig.SecurityGroupIds).toEqual([{ Ref: 'PlatformAuroraSecurityGroup' }]);
  expect(Environment.Variables.SLUICE_CONNECTIONS).toBe('{}');
  const server = (host: string) => ({ host, dbname: 'sluice', username: 'sluice' });
  expect(JSON.parse(line(Environment.Variables.SLUICE_AURORA))).toEqual({
    'customers-db': server('<PlatformAuroraHostCustomersDb>'),
    'orders-db': server('<PlatformAuroraHostOrdersDb>'),
  });
  const found = rights(aurora, 's3-to-warehouse');
  expect(found.filter((right) => right.includes('GetSecretValue'))).toEqual([]);
  expect(found.filter((right) => right.includes('rds-db'))).toEqual([
    'Allow rds-db:connect arn:<AWS::Partition>:rds-db:<AWS::Region>:<AWS::AccountId>:dbuser:<PlatformAuroraIdOrdersDb>/sluice',
  ]);
  expect(rights(aurora, 'data-quality').filter((right) => right.includes('rds-db'))).toHaveLength(2);
  const outputs = aurora.templates['Sluice-shop']?.Outputs;
  expect(JSON.parse(String(outputs?.['Connections']?.Value))).toEqual({ files: 'Sluice/connections/files' });
  expect(inPlatform(aurora, 'AWS::SecretsManager::Secret').flatMap(({ Name }) => Name ?? [])).toEqual([
    'Sluice/connections/files',
  ]);
});

test('extracts, and what makes the user, stay outside of the network', () => {
  expect(functionOf(aurora, 'file-to-s3').Properties.VpcConfig).toBeUndefined();
  for (const { VpcConfig } of inPlatform(aurora, 'AWS::Lambda::Function')) expect(VpcConfig).toBeUndefined();
  expect(inPlatform(aurora, 'Custom::AuroraUser').map(({ Username }) => Username)).toEqual(['sluice', 'sluice']);
});

test('what Aurora costs is told for each connection, and nobody is told of endpoints', () => {
  const told = (stack: string) => readFileSync(join(aurora.directory, `${stack}.metadata.json`), 'utf8');
  for (const name of ['orders-db', 'customers-db'])
    expect(told('Sluice')).toMatch(
      new RegExp(`Aurora of ${name} pauses after 5 minutes .* \\$0\\.06 to \\$0\\.48 an hour`),
    );
  expect(told('Sluice-shop')).not.toMatch(/NAT gateway/);
});

test('a deployment without the setting has no Aurora', () => {
  for (const app of [open, inside])
    expect(
      Object.values(app.templates['Sluice']?.Resources ?? {}).filter(({ Type }) => /RDS|Aurora/.test(Type)),
    ).toEqual([]);
});

test('settings that cannot be are refused', async () => {
  const both: Config = { stages: { default: { postgres: { 'orders-db': { network, aurora: true } } } } };
  expect(await refusal({ pipelines: shop(), config: both })).toMatch(
    /orders-db: has either a network, .* or aurora: true/,
  );
  const neither: Config = { stages: { default: { postgres: { 'orders-db': {} } } } };
  expect(await refusal({ pipelines: shop(), config: neither })).toMatch(/orders-db: has either a network/);
  expect(await refusal({ pipelines: checked('postgres', 'Orders_DB'), config: withAurora('Orders_DB') })).toMatch(
    /would be named 'sluice-Orders_DB', .* Rename the connection/,
  );
});

test('tasks on Aurora that need another service are refused', async () => {
  const pipelines = checked('postgres', 'orders-db', checkOf('redshift', 'warehouse'));
  expect(await refusal({ pipelines, config: withAurora('orders-db') })).toMatch(
    /The data-quality tasks work on the connection 'orders-db', .* and need the warehouse too\. Put/,
  );
});
