import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { arnOf } from '#lib/contract/rights.ts';
import { jobType, taskType } from '#lib/contract/task-type.ts';
import { Dag } from '#lib/dag/index.ts';
import type { Pipeline } from '#lib/pipelines/pipeline.ts';
import { startEmbeddedAws } from '#local/index.ts';
import { pipeline } from '#sluice';
import { ecsTask } from '#tasks/ecs-task/task.ts';
import { emrServerlessJob } from '#tasks/emr-serverless-job/task.ts';
import { glueJob } from '#tasks/glue-job/task.ts';
import { triggerPipeline } from '#tasks/trigger-pipeline/task.ts';
import { clientConfiguration } from '../../worlds/local/clients.ts';
import { ofType, refusal, rightsOf, type Synthesized, synthesized, type Template } from '../../worlds/synthesized.ts';

const options = { schedule: null, startDate: '2026-01-01' } as const;
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

function jobs(): Pipeline {
  const dag = new Dag('jobs', options);
  dag.task('sessions', glueJob({ JobName: 'sessions' }));
  const JobDriver = { SparkSubmit: { EntryPoint: 's3://code/a.py', EntryPointArguments: [dag.run.logicalDate] } };
  dag.task('spark', emrServerlessJob({ ApplicationId: '00f1', ExecutionRoleArn: role('spark'), JobDriver }));
  const ecs = 'arn:aws:ecs:us-east-1:111122223333';
  const TaskDefinition = `${ecs}:task-definition/resize`;
  dag.task('resize', ecsTask({ Cluster: `${ecs}:cluster/batch`, TaskDefinition, Roles: [role('resize')] }));
  return { dag, tables: [] };
}

/** A job type of an author's own: what its state machine may do is said by the type. */
const startCrawler = jobType('start-crawler', {
  resource: 'aws-sdk:glue:startCrawler',
  input: z.object({ Name: z.string() }),
  output: z.object({}),
  literals: ['Name'],
  rights: ({ Name }) => [{ actions: ['glue:StartCrawler'], resources: [arnOf('glue', `crawler/${Name}`)] }],
});
const publish = taskType('email', {
  input: z.object({ queue: z.string() }),
  output: z.object({}),
  literals: ['queue'],
  rights: ({ queue }) => [{ actions: ['sqs:SendMessage'], resources: [arnOf('sqs', queue)] }],
});

function own(): Pipeline {
  const dag = new Dag('own', options);
  dag.task('crawl', startCrawler({ Name: 'orders' }));
  dag.task('again', startCrawler({ Name: 'orders' }));
  dag.task('publish', publish({ queue: 'news' }));
  return { dag, tables: [] };
}

function outer(): Pipeline {
  const dag = new Dag('outer', { ...options, params: z.object({ names: z.string().default('a') }) });
  const date = dag.run.logicalDate;
  const params = { names: dag.params.names };
  const triggered = dag.task('inner', triggerPipeline({ pipeline: pipeline('inner'), logicalDate: date, params }));
  dag.empty('done').after(triggered);
  return { dag, tables: [] };
}

function inner(): Pipeline {
  const dag = new Dag('inner', { ...options, params: z.object({ names: z.string().default('b') }) });
  dag.empty('nothing');
  return { dag, tables: [] };
}

let app: Synthesized;
beforeAll(async () => {
  app = await synthesized({ pipelines: { jobs: jobs(), outer: outer(), inner: inner(), own: own() } });
});
afterAll(() => app.remove());

const machineRights = (stack: string) => {
  const template = app.templates[stack] as Template;
  const [found] = Object.entries(ofType(template, 'AWS::IAM::Role')).filter(([id]) => id.startsWith('MachineRole'));
  return rightsOf(found?.[1] as never).map((right) => right.replaceAll('<AWS::Region>:<AWS::AccountId>', '…'));
};

const rule = (name: string) =>
  ['PutTargets', 'PutRule', 'DescribeRule'].map(
    (action) => `Allow events:${action} arn:<AWS::Partition>:events:…:rule/${name}`,
  );

test('a state machine may start and stop the jobs that it names, pass on their roles, and nothing else', () => {
  expect(machineRights('Sluice-jobs').slice(1)).toEqual([
    ...['StartJobRun', 'GetJobRun', 'GetJobRuns', 'BatchStopJobRun'].map(
      (action) => `Allow glue:${action} arn:<AWS::Partition>:glue:…:job/sessions`,
    ),
    'Allow emr-serverless:StartJobRun arn:<AWS::Partition>:emr-serverless:…:/applications/00f1',
    'Allow emr-serverless:GetJobRun arn:<AWS::Partition>:emr-serverless:…:/applications/00f1/jobruns/*',
    'Allow emr-serverless:CancelJobRun arn:<AWS::Partition>:emr-serverless:…:/applications/00f1/jobruns/*',
    `Allow iam:PassRole ${role('spark')} if {"StringEquals":{"iam:PassedToService":"emr-serverless.amazonaws.com"}}`,
    ...rule('StepFunctionsGetEventsForEMRServerlessJobRule'),
    'Allow ecs:RunTask arn:aws:ecs:us-east-1:111122223333:task-definition/resize:*',
    ...['StopTask', 'DescribeTasks'].map(
      (action) =>
        `Allow ecs:${action} * if {"ArnEquals":{"ecs:cluster":"arn:aws:ecs:us-east-1:111122223333:cluster/batch"}}`,
    ),
    `Allow iam:PassRole ${role('resize')} if {"StringEquals":{"iam:PassedToService":"ecs-tasks.amazonaws.com"}}`,
    ...rule('StepFunctionsGetEventsForECSTaskRule'),
  ]);
});

test('a pipeline of jobs alone has no function of its own', () => {
  expect(ofType(app.templates['Sluice-jobs'] as Template, 'AWS::Lambda::Function')).toEqual({});
});

test("own types' rights are those that they say: of a job the machine's, of a task its function's", () => {
  const roles = Object.entries(ofType(app.templates['Sluice-own'] as Template, 'AWS::IAM::Role'));
  const of = (name: string) => rightsOf(roles.find(([id]) => id.startsWith(name))?.[1] as never);
  const here = '<AWS::Region>:<AWS::AccountId>';
  expect(of('MachineRole').slice(1)).toContain(
    `Allow glue:StartCrawler arn:<AWS::Partition>:glue:${here}:crawler/orders`,
  );
  expect(of('emailRole')).toContain(`Allow sqs:SendMessage arn:<AWS::Partition>:sqs:${here}:news`);
});

test('a state machine may run the pipeline that it triggers, and watch that run', () => {
  expect(machineRights('Sluice-outer').slice(1)).toEqual([
    'Allow states:StartExecution arn:<AWS::Partition>:states:…:stateMachine:Sluice-inner',
    'Allow states:DescribeExecution arn:<AWS::Partition>:states:…:execution:Sluice-inner:*',
    'Allow states:StopExecution arn:<AWS::Partition>:states:…:execution:Sluice-inner:*',
    ...rule('StepFunctionsGetEventsForStepFunctionsExecutionRule'),
  ]);
});

test('a triggered pipeline runs for the date and params that it is given, again where it ran before', async () => {
  const state = mkdtempSync(join(tmpdir(), 'sluice-jobs-'));
  const aws = await startEmbeddedAws({ assembly: app.directory, state });
  try {
    const sfn = new SFNClient(clientConfiguration(aws.url));
    const machine = (name: string) => aws.outputs(`Sluice-${name}`)['StateMachine'] ?? '';
    const ended = async (executionArn: string | undefined) => {
      for (;;) {
        const found = await sfn.send(new DescribeExecutionCommand({ executionArn }));
        if (found.status !== 'RUNNING') return found;
      }
    };
    const run = async (name: string, input: object) => {
      const started = { stateMachineArn: machine(name), input: JSON.stringify(input) };
      return ended((await sfn.send(new StartExecutionCommand(started))).executionArn);
    };
    const logicalDate = '2026-01-02T00:00:00Z';
    const first = await run('outer', { logicalDate, params: { names: 'x' } });
    expect(first).toMatchObject({ status: 'SUCCEEDED', output: '{"inner":"success","done":"success"}' });
    expect(await run('outer', { logicalDate, clear: 'all' })).toMatchObject({ status: 'SUCCEEDED' });
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: machine('inner') }));
    const inputs = await Promise.all(executions.map(async ({ executionArn }) => (await ended(executionArn)).input));
    const given = { clear: 'all', wait: true, logicalDate };
    expect(inputs.map((text) => JSON.parse(text ?? ''))).toEqual([
      { ...given, params: { names: 'a' } },
      { ...given, params: { names: 'x' } },
    ]);
  } finally {
    await aws.close();
    rmSync(state, { recursive: true });
  }
});

test('pipelines that trigger each other are refused', async () => {
  const circle = (name: string, other: string): Record<string, Pipeline> => {
    const dag = new Dag(name, options);
    dag.task('go', triggerPipeline({ pipeline: pipeline(other) }));
    return { [name]: { dag, tables: [] } };
  };
  const told = (name: string, way: string) =>
    `DAG ${name} cannot be built:\n  - go: pipelines trigger each other and would wait for good: ${way}. Take one of these away`;
  expect(await refusal({ pipelines: { ...circle('a', 'b'), ...circle('b', 'a') } })).toBe(
    [told('a', 'a → b → a'), told('b', 'b → a → b')].join('\n'),
  );
});

test('a param that the triggered pipeline does not have, or that does not fit there, is refused', async () => {
  const dag = new Dag('typos', options);
  const { logicalDate } = dag.run;
  dag.task(
    'name',
    triggerPipeline({ pipeline: pipeline('inner'), params: { names: logicalDate, nmaes: logicalDate } }),
  );
  dag.task('value', triggerPipeline({ pipeline: pipeline('inner'), params: { names: 7 } }));
  expect(await refusal({ pipelines: { typos: { dag, tables: [] }, inner: inner() } })).toBe(
    [
      'DAG typos cannot be built:',
      "name: inner: no param 'nmaes' (params: names)",
      "value: inner: param 'names': Invalid input: expected string, received number",
    ].join('\n  - '),
  );
});
