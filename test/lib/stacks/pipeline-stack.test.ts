import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stars } from '../../worlds/pipeline-of-tests.ts';
import {
  line,
  ofType,
  type Resource,
  rightsOf,
  type Synthesized,
  synthesized,
  type Template,
} from '../../worlds/synthesized.ts';

let app: Synthesized;
let stack: Template;
beforeAll(async () => {
  app = await synthesized({ pipelines: stars() });
  stack = app.templates['Sluice-stars'] as Template;
});
afterAll(() => app.remove());

const only = (type: string): Resource => {
  const [resource, ...more] = Object.values(ofType(stack, type));
  expect(more).toEqual([]);
  return resource as Resource;
};
const named = (type: string, prefix: string): Resource => {
  const [found] = Object.entries(ofType(stack, type)).filter(([id]) => id.startsWith(prefix));
  return found?.[1] as Resource;
};

const ledger = [
  'Allow s3:GetObject lake/ledger/stars/*',
  'Allow s3:PutObject lake/ledger/stars/*',
  'Allow s3:ListBucket lake/ if {"StringLikeIfExists":{"s3:prefix":["ledger/stars/*"]}}',
];
const logs = (type: string) =>
  ['CreateLogStream', 'PutLogEvents'].map((action) =>
    expect.stringMatching(`Allow logs:${action} <${type}Logs\\w+.Arn>`),
  );
const githubSecret =
  'Allow secretsmanager:GetSecretValue arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:Sluice/connections/team-github-??????';
// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM
const own = 'if {"StringEquals":{"redshift-data:statement-owner-iam-userid":"${aws:userid}"}}';

test('a task type that lists repositories may read its secret and use the ledger, and nothing else', () => {
  expect(rightsOf(named('AWS::IAM::Role', 'githubrepositories'))).toEqual([
    ...logs('githubrepositories'),
    ...ledger,
    githubSecret,
  ]);
});

test('an extract may besides write its dataset in each layer, and find and read the raw that it wrote', () => {
  expect(rightsOf(named('AWS::IAM::Role', 'githubtos3'))).toEqual([
    ...logs('githubtos3'),
    ...ledger,
    'Allow s3:PutObject lake/raw/stars/issues/*',
    'Allow s3:PutObject lake/stage/stars/issues/*',
    'Allow s3:PutObject lake/quarantine/stars/issues/*',
    'Allow s3:GetObject lake/raw/stars/issues/*',
    'Allow s3:ListBucket lake/ if {"StringLike":{"s3:prefix":["raw/stars/issues/*"]}}',
    githubSecret,
  ]);
});

test('a load may read what its extract wrote, write the list for COPY, and work on the warehouse as its user', () => {
  expect(rightsOf(named('AWS::IAM::Role', 's3towarehouse'))).toEqual([
    ...logs('s3towarehouse'),
    ...ledger,
    'Allow s3:PutObject lake/stage/stars/acme.issues/*',
    'Allow s3:GetObject lake/raw/stars/issues/*',
    'Allow secretsmanager:GetSecretValue <PlatformWarehouseSecret>',
    'Allow redshift-data:ExecuteStatement <PlatformWorkgroupArn>',
    'Allow redshift-data:BatchExecuteStatement <PlatformWorkgroupArn>',
    `Allow redshift-data:DescribeStatement * ${own}`,
    `Allow redshift-data:GetStatementResult * ${own}`,
    `Allow redshift-data:CancelStatement * ${own}`,
  ]);
});

test('no role has a managed policy, or a policy besides its inline one', () => {
  const roles = Object.values(ofType(stack, 'AWS::IAM::Role'));
  expect(roles.flatMap(({ Properties }) => Properties.ManagedPolicyArns ?? [])).toEqual([]);
  expect(roles.map(({ Properties }) => Properties.Policies.length)).toEqual(roles.map(() => 1));
  expect(ofType(stack, 'AWS::IAM::Policy')).toEqual({});
});

test('a function runs Node 24 on arm64, is told where its things are, and logs for a month', () => {
  const { Properties } = named('AWS::Lambda::Function', 's3towarehouse');
  expect(Properties).toMatchObject({
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Timeout: 900,
    Handler: 'index.handler',
  });
  const variables = Object.entries(Properties.Environment.Variables).map(([name, value]) => `${name}=${line(value)}`);
  expect(variables.sort()).toEqual([
    'POWERTOOLS_SERVICE_NAME=stars',
    'SLUICE_BUCKET=<PlatformBucket>',
    'SLUICE_CONNECTIONS={"warehouse":"<PlatformWarehouseSecret>"}',
    'SLUICE_COPY_ROLE=<PlatformCopyRole>',
    'SLUICE_DATABASE=<PlatformDatabase>',
    'SLUICE_STACK=Sluice',
    'SLUICE_WORKGROUP=<PlatformWorkgroup>',
  ]);
  const groups = Object.values(ofType(stack, 'AWS::Logs::LogGroup'));
  expect(groups.map((group) => group.Properties.RetentionInDays)).toEqual([30, 30, 30]);
});

test('a function that uses no warehouse is not told of one', () => {
  const { Variables } = named('AWS::Lambda::Function', 'githubtos3').Properties.Environment;
  expect(Object.keys(Variables).sort()).toEqual([
    'POWERTOOLS_SERVICE_NAME',
    'SLUICE_BUCKET',
    'SLUICE_CONNECTIONS',
    'SLUICE_STACK',
  ]);
  expect(JSON.parse(Variables.SLUICE_CONNECTIONS)).toEqual({ 'team-github': 'Sluice/connections/team-github' });
});

test('the machine invokes published versions, which outlive the deployment that replaces them', () => {
  const { DefinitionString } = only('AWS::StepFunctions::StateMachine').Properties;
  const versions = ofType(stack, 'AWS::Lambda::Version');
  const invoked = [...line(DefinitionString).matchAll(/"FunctionName":"<([^>]*)>"/g)].map(([, name]) => name);
  expect(new Set(invoked)).toEqual(new Set(['PlatformBegin', ...Object.keys(versions)]));
  expect(Object.values(versions).map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(
    Array(3).fill('RetainExceptOnCreate'),
  );
});

test('the machine may invoke its functions, in any version, and begin', () => {
  expect(rightsOf(named('AWS::IAM::Role', 'MachineRole'))).toEqual([
    'Allow lambda:InvokeFunction <PlatformBegin>',
    expect.stringMatching(/^Allow lambda:InvokeFunction <githubrepositoriesFunction\w+\.Arn>:\*$/),
    expect.stringMatching(/^Allow lambda:InvokeFunction <githubtos3Function\w+\.Arn>:\*$/),
    expect.stringMatching(/^Allow lambda:InvokeFunction <s3towarehouseFunction\w+\.Arn>:\*$/),
  ]);
});

test('a machine with a distributed Map may besides start itself, end what it started, and read its lists', async () => {
  const distributed = await synthesized({ pipelines: stars({ maxItems: 5000 }) });
  const roles = ofType(distributed.templates['Sluice-stars'] as Template, 'AWS::IAM::Role');
  const [role] = Object.entries(roles).flatMap(([id, found]) => (id.startsWith('MachineRole') ? [found] : []));
  const states = 'arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>';
  expect(rightsOf(role as Resource).slice(4)).toEqual([
    `Allow states:StartExecution ${states}:stateMachine:Sluice-stars`,
    `Allow states:DescribeExecution ${states}:execution:Sluice-stars:*`,
    `Allow states:StopExecution ${states}:execution:Sluice-stars:*`,
    'Allow s3:GetObject lake/ledger/stars/*',
  ]);
  distributed.remove();
});

test('the machine has the name of its stack, and its definition is JSON once its ARNs are known', () => {
  const { StateMachineName, StateMachineType, DefinitionString } = only('AWS::StepFunctions::StateMachine').Properties;
  expect([StateMachineName, StateMachineType]).toEqual(['Sluice-stars', 'STANDARD']);
  expect(JSON.parse(line(DefinitionString)).StartAt).toBe('Begin run');
});

test('a tick of the schedule starts the machine with its instant, and has a dead-letter queue', () => {
  const [target] = named('AWS::Events::Rule', 'Schedule').Properties.Targets;
  expect(named('AWS::Events::Rule', 'Schedule').Properties.ScheduleExpression).toBe('cron(0 0 * * ? *)');
  expect(target.InputTransformer).toEqual({ InputPathsMap: { time: '$.time' }, InputTemplate: '{"tick":<time>}' });
  expect(line(target.Arn)).toMatch(/^<Machine/);
  expect(line(target.DeadLetterConfig.Arn)).toMatch(/^<DeadLetters/);
  expect(rightsOf(named('AWS::IAM::Role', 'ScheduleRole'))).toEqual([
    expect.stringMatching(/^Allow states:StartExecution <Machine\w+>$/),
  ]);
});

test('every end of an execution of this machine goes to the end function, and has a dead-letter queue', () => {
  const { EventPattern, Targets } = named('AWS::Events::Rule', 'Ended').Properties;
  expect(EventPattern.detail.stateMachineArn.map(line)).toEqual([expect.stringMatching(/^<Machine/)]);
  expect(EventPattern.detail.status).toEqual(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']);
  expect(line(Targets[0].Arn)).toBe('<PlatformEnd>');
  expect(line(Targets[0].DeadLetterConfig.Arn)).toMatch(/^<DeadLetters/);
  const { FunctionName, SourceArn, Principal } = only('AWS::Lambda::Permission').Properties;
  expect([line(FunctionName), line(SourceArn), Principal]).toEqual([
    '<PlatformEnd>',
    expect.stringMatching(/^<Ended\w+\.Arn>$/),
    'events.amazonaws.com',
  ]);
});

test('the outputs tell where the machine is, when it runs, and which secrets it needs', () => {
  const { StateMachine, Dag, Connections } = stack.Outputs;
  expect(line(StateMachine?.Value)).toMatch(/^<Machine/);
  expect(JSON.parse(String(Dag?.Value))).toEqual({
    dagId: 'stars',
    schedule: '0 0 * * *',
    timeZone: 'UTC',
    startDate: '2026-01-01',
    endDate: null,
    catchup: false,
  });
  expect(JSON.parse(String(Connections?.Value))).toEqual({ 'team-github': 'Sluice/connections/team-github' });
});

test('a function carries its code, the source map of it, and the tables, under a megabyte', () => {
  const directories = readdirSync(app.directory).filter((name) => name.startsWith('asset.'));
  const tables = directories.filter((name) => existsSync(join(app.directory, name, 'pipeline.json')));
  expect([directories.length, tables.length]).toEqual([7, 3]);
  for (const name of directories) {
    expect(readFileSync(join(app.directory, name, 'index.js')).length).toBeLessThan(1024 * 1024);
    expect(existsSync(join(app.directory, name, 'index.js.map'))).toBe(true);
    expect(existsSync(join(app.directory, name, 'sql'))).toBe(false);
  }
});
