import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Dag } from '#lib/dag/index.ts';
import { use } from '#sluice';
import { approval } from '#tasks/approval/task.ts';
import { bash } from '#tasks/bash/task.ts';
import { email } from '#tasks/email/task.ts';
import { http } from '#tasks/http/task.ts';
import { httpSensor } from '#tasks/http-sensor/task.ts';
import {
  line,
  ofType,
  refusal,
  rightsOf,
  type Synthesized,
  synthesized,
  type Template,
} from '../../worlds/synthesized.ts';

const file = 'test/lib/stacks/render.sh';

function pipeline(script: `${string}.sh` = file, alerts = 'alerts') {
  const dag = new Dag('ops', { schedule: null, startDate: '2026-01-01' });
  dag.task('render', bash({ file: script }));
  dag.task('ask', http({ connection: use('http', 'jobs'), path: '/jobs' }));
  dag.task('look', httpSensor({ connection: use('http', 'jobs'), path: '/jobs' }));
  dag.task('tell', email({ to: use('email', alerts), subject: 's', message: 'm' }));
  dag.task('agree', approval({ to: use('email', alerts), subject: 's', message: 'm' }));
  return { ops: { dag, tables: [] } };
}

let app: Synthesized;
let stack: Template;
beforeAll(async () => {
  app = await synthesized({ pipelines: pipeline() });
  stack = app.templates['Sluice-ops'] as Template;
});
afterAll(() => app.remove());

const named = (type: string, id: RegExp) => {
  const [, resource] = Object.entries(ofType(stack, type)).find(([name]) => id.test(name)) ?? [];
  if (!resource) throw new Error(`No ${type} is named ${id}`);
  return resource;
};
const rights = (id: RegExp) =>
  rightsOf(named('AWS::IAM::Role', id)).filter((right) => !/ logs:|ledger\/ops/.test(right));
const variables = (id: RegExp) =>
  Object.entries(named('AWS::Lambda::Function', id).Properties.Environment.Variables)
    .map(([name, value]) => `${name}=${line(value)}`)
    .sort();
const OF_ALL = ['POWERTOOLS_SERVICE_NAME=ops', 'SLUICE_BUCKET=<PlatformBucket>'];

test('a bash task may do nothing but keep its result, and its function carries the script', () => {
  expect(rights(/^bashRole/)).toEqual([]);
  expect(variables(/^bashFunction/)).toEqual([...OF_ALL, 'SLUICE_CONNECTIONS={}', 'SLUICE_STACK=Sluice']);
  const code = readdirSync(app.directory).filter((name) => name.startsWith('asset.'));
  const carriers = code.filter((name) => existsSync(join(app.directory, name, file)));
  expect(carriers.map((name) => readFileSync(join(app.directory, name, file), 'utf8'))).toEqual(['echo rendered\n']);
});

test.for([/^httpRole/, /^httpsensorRole/])('%s may read the secret of its connection', (id) => {
  expect(rights(id)).toEqual([
    'Allow secretsmanager:GetSecretValue arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:Sluice/connections/jobs-??????',
  ]);
});

test.for(['email', 'approval'])('%s may publish to the topic of alerts, and is told where it is', (type) => {
  expect(rights(new RegExp(`^${type}Role`))).toEqual(['Allow sns:Publish <PlatformTopic>']);
  expect(variables(new RegExp(`^${type}Function`))).toEqual([
    ...OF_ALL,
    'SLUICE_CONNECTIONS={}',
    'SLUICE_STACK=Sluice',
    'SLUICE_TOPIC=<PlatformTopic>',
  ]);
});

test('the topic of alerts is no secret to fill', () => {
  expect(JSON.parse(String(stack.Outputs['Connections']?.Value))).toEqual({ jobs: 'Sluice/connections/jobs' });
});

test('another email connection, and a script that is missing, are refused', async () => {
  expect(await refusal({ pipelines: pipeline(file, 'team') })).toBe(
    "The email connection 'team': 'alerts' is the name of the deployment's only email connection, and of no other.",
  );
  expect(await refusal({ pipelines: pipeline('lib/pipelines/ops/missing.sh') })).toMatch(
    /render: lib\/pipelines\/ops\/missing\.sh cannot be read: ENOENT/,
  );
});
