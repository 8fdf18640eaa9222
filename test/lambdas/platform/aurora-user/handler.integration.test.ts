import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { handler } from '#lambdas/platform/aurora-user/handler.ts';
import { userStatements } from '#lambdas/platform/aurora-user/user.ts';
import { openPostgresAws } from '../../../worlds/postgres-aws.ts';

interface Call {
  readonly resourceArn: string;
  readonly secretArn: string;
  readonly database: string;
  readonly sql: string;
}
const calls: Call[] = [];
/** The errors that the Data API gives first. */
let failures: string[] = [];
const answers: { Status: string; Reason?: string }[] = [];

/** The Data API, and CloudFormation that waits for the answer. */
const server = createServer((request, response) => void respond(request, response));

async function respond(request: IncomingMessage, response: ServerResponse) {
  const body = JSON.parse((await request.toArray()).join(''));
  response.setHeader('content-type', 'application/json');
  if (request.url !== '/Execute') {
    answers.push(body);
    return response.end();
  }
  const failure = failures.shift();
  if (failure !== undefined) {
    response.setHeader('x-amzn-errortype', failure);
    return response.writeHead(400).end(JSON.stringify({ message: `${failure} was met` }));
  }
  calls.push(body);
  return response.end(JSON.stringify({ numberOfRecordsUpdated: 0 }));
}

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  vi.stubEnv('AWS_ENDPOINT_URL', url());
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
});
beforeEach(() => {
  calls.length = 0;
  answers.length = 0;
});

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const deploy = () =>
  handler(
    {
      RequestType: 'Create',
      ResponseURL: `${url()}/answer`,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'User',
      ResourceProperties: {
        ClusterArn: 'cluster',
        AdminSecretArn: 'admin',
        Database: 'sluice',
        Username: 'sluice_dev',
      },
    },
    { getRemainingTimeInMillis: () => 60_000 },
  );

test('the user is made by the administrator through the Data API, which may have to wake the server', async () => {
  failures = ['DatabaseResumingException'];
  await deploy();
  expect(answers).toMatchObject([{ Status: 'SUCCESS' }]);
  const of = { resourceArn: 'cluster', secretArn: 'admin', database: 'sluice' };
  expect(calls).toEqual(
    userStatements({ username: 'sluice_dev', database: 'sluice' }).map((sql) =>
      expect.objectContaining({ ...of, sql }),
    ),
  );
});

test('what does not pass by itself fails the deployment, with what the database says', async () => {
  failures = ['DatabaseErrorException'];
  await deploy();
  expect(answers).toMatchObject([{ Status: 'FAILED', Reason: 'DatabaseErrorException was met' }]);
});

test('made once or twice, the user has no password, may log in by its role, and makes schemas', async () => {
  const aws = await openPostgresAws();
  try {
    const { dbname: database } = aws.server;
    const statements = userStatements({ username: 'sluice_dev', database });
    await aws.admin('CREATE ROLE rds_iam');
    for (const sql of [...statements, ...statements]) await aws.admin(sql);
    const [user] = await aws.query(`
      SELECT rolcanlogin, rolsuper, rolcreaterole,
             pg_has_role(rolname, 'rds_iam', 'MEMBER') AS by_role,
             has_database_privilege(rolname, '${database}', 'CREATE') AS may_create
      FROM pg_roles WHERE rolname = 'sluice_dev'`);
    expect(user).toEqual({ rolcanlogin: true, rolsuper: false, rolcreaterole: false, by_role: true, may_create: true });
  } finally {
    await aws.close();
  }
}, 60_000);
