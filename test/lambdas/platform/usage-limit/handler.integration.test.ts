import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListUsageLimitsCommand, RedshiftServerlessClient } from '@aws-sdk/client-redshift-serverless';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { handler } from '#lambdas/platform/usage-limit/handler.ts';
import { openEndpoint } from '#local/endpoint/endpoint.ts';
import { jsonHandler } from '#local/endpoint/json-protocol.ts';
import { RedshiftServerless } from '#local/redshift-serverless/redshift-serverless.ts';

const WORKGROUP = 'arn:aws:redshift-serverless:us-east-1:000000000000:workgroup/sluice';
const answers: string[] = [];
const cloudFormation = createServer((request, response) => {
  void request.toArray().then((body) => {
    answers.push(JSON.parse(body.join('')).Status);
    response.end();
  });
});
const endpoint = await openEndpoint(0);

beforeAll(async () => {
  const nothing = { file: '', objectPath: () => undefined, objectKeys: () => [], secret: () => undefined };
  const { operations } = new RedshiftServerless(nothing);
  endpoint.handlers.set('redshift-serverless', jsonHandler('redshift-serverless', operations));
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint.url);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
  await new Promise<void>((listening) => cloudFormation.listen(0, '127.0.0.1', listening));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  cloudFormation.close();
  await endpoint.close();
});

const deploy = (RequestType: string, DailyRpuHours: unknown) =>
  handler(
    {
      RequestType,
      ResponseURL: `http://127.0.0.1:${(cloudFormation.address() as AddressInfo).port}/`,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'Limit',
      ResourceProperties: { WorkgroupArn: WORKGROUP, DailyRpuHours },
    },
    { getRemainingTimeInMillis: () => 60_000 },
  );

test('a workgroup has one daily limit that switches statements off, however often it is set, and keeps it', async () => {
  await deploy('Create', '16');
  await deploy('Create', '16');
  await deploy('Update', '8');
  await deploy('Delete', '8');
  const { usageLimits } = await new RedshiftServerlessClient().send(
    new ListUsageLimitsCommand({ resourceArn: WORKGROUP }),
  );
  expect(usageLimits).toMatchObject([{ amount: 8, period: 'daily', breachAction: 'deactivate' }]);
  await deploy('Create', '0');
  expect(answers).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS', 'SUCCESS', 'FAILED']);
});
