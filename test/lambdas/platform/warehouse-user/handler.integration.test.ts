import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { handler } from '#lambdas/platform/warehouse-user/handler.ts';
import {
  ADMIN_SECRET,
  openWarehouseAws,
  target,
  USER_SECRET,
  type WarehouseAws,
} from '../../../worlds/warehouse-aws.ts';

const PASSWORD = 'Correct7HorseBatteryStaple';

let aws: WarehouseAws;
let answers: Record<string, unknown>[];
const cloudFormation = createServer((request, response) => {
  request.setEncoding('utf8');
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    answers.push({ method: request.method, type: request.headers['content-type'], ...JSON.parse(body) });
    response.end();
  });
});

beforeAll(async () => {
  aws = await openWarehouseAws({ user: false });
  await new Promise<void>((listening) => cloudFormation.listen(0, '127.0.0.1', listening));
});
beforeEach(() => {
  answers = [];
});
afterAll(async () => {
  cloudFormation.close();
  await aws.close();
});

const deploy = (RequestType: string, properties: object = {}) =>
  handler(
    {
      RequestType,
      ResponseURL: `http://127.0.0.1:${(cloudFormation.address() as AddressInfo).port}/answer?Signature=x`,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'User',
      ...(RequestType === 'Create' ? {} : { PhysicalResourceId: 'User' }),
      ResourceProperties: {
        ServiceToken: 'arn',
        AdminSecretArn: ADMIN_SECRET,
        UserSecretArn: USER_SECRET,
        Workgroup: target.WorkgroupName,
        Database: target.Database,
        Schemas: ['github_data', 'sluice'],
        ...properties,
      },
    },
    { getRemainingTimeInMillis: () => 600_000 },
  );

test('the user is made with its schemas, may be made again, and is left when the resource is deleted', async () => {
  aws.setSecret(USER_SECRET, JSON.stringify({ username: 'sluice_user', password: PASSWORD }));
  for (const type of ['Create', 'Update', 'Delete']) await deploy(type);
  const success = { Status: 'SUCCESS', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'User' };
  expect(answers).toEqual([1, 2, 3].map(() => expect.objectContaining({ ...success, PhysicalResourceId: 'User' })));
  expect(answers[0]).toMatchObject({ method: 'PUT' });
  expect(await aws.query("SELECT usesuper FROM pg_user WHERE usename = 'sluice_user'")).toEqual([{ usesuper: false }]);

  expect(await aws.query('SELECT COUNT(*) AS n FROM sluice.loads')).toEqual([{ n: 0 }]);
  await aws.sql('CREATE TABLE github_data.mine (id int8)', 'CREATE SCHEMA IF NOT EXISTS another');
  expect(await aws.query('SELECT COUNT(*) AS n FROM github_data.mine')).toEqual([{ n: 0 }]);
});

test('the password stands in no statement', async () => {
  aws.setSecret(USER_SECRET, JSON.stringify({ username: 'sluice_user', password: PASSWORD }));
  await deploy('Update');
  const texts = await aws.statements();
  expect(texts.some((text) => /ALTER USER/.test(text))).toBe(true);
  expect(texts.filter((text) => text.includes(PASSWORD))).toEqual([]);
});

test('what goes wrong is answered with its reason, so that the deployment fails at once', async () => {
  aws.setSecret(USER_SECRET, '{}');
  await deploy('Create');
  expect(answers).toEqual([
    expect.objectContaining({
      Status: 'FAILED',
      PhysicalResourceId: 'User',
      Reason: expect.stringContaining('is not set'),
    }),
  ]);
});
