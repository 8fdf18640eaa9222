import { setTimeout } from 'node:timers/promises';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '#local/index.ts';
import { clientConfiguration } from '../../worlds/local/clients.ts';
import { functionResource, temporaryDirectory, writeAssembly } from '../../worlds/local/cloud-assembly.ts';

/** Doubles a number; a token that it is given it gives back. */
const TASK = `exports.handler = async ({ n, token }) => {
  if (n < 0) throw Object.assign(new Error('negative'), { name: 'Negative' });
  return token ? { kept: token } : n * 2;
};`;

const roleArn = 'arn:aws:iam::000000000000:role/r';
const invoke = (Payload: object, Resource = 'arn:aws:states:::lambda:invoke') => ({
  Type: 'Task',
  Resource,
  Arguments: { FunctionName: 'task', Payload },
  End: true,
});
const machine = (name: string, states: Record<string, unknown>) => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: {
    StateMachineName: name,
    RoleArn: roleArn,
    DefinitionString: JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states }),
  },
});

const rows = {
  Type: 'Map',
  Label: 'Rows',
  ItemReader: {
    Resource: 'arn:aws:states:::s3:getObject',
    Arguments: { Bucket: 'lake', Key: 'numbers.jsonl' },
    ReaderConfig: { InputType: 'JSONL' },
  },
  ItemProcessor: {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'Double',
    States: { Double: { ...invoke({ n: '{% $states.input %}' }), Output: '{% $states.result.Payload %}' } },
  },
  ToleratedFailureCount: 1,
  MaxConcurrency: 2,
  ResultWriter: {
    Resource: 'arn:aws:states:::s3:putObject',
    Arguments: { Bucket: 'lake', Prefix: 'results' },
    WriterConfig: { Transformation: 'COMPACT' },
  },
  End: true,
};

const assembly = writeAssembly(
  {
    App: {
      template: {
        Resources: {
          Lake: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'lake' } },
          Task: functionResource('task', { FunctionName: 'task' }),
          Rows: machine('rows', { Rows: rows }),
          Callback: machine('callback', {
            Ask: invoke(
              { token: '{% $states.context.Task.Token %}' },
              'arn:aws:states:::lambda:invoke.waitForTaskToken',
            ),
          }),
          Caller: machine('caller', {
            Call: {
              Type: 'Task',
              Resource: 'arn:aws:states:::states:startExecution.sync:2',
              Arguments: { StateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:rows' },
              Output: '{% $states.result.Output.ResultWriterDetails %}',
              End: true,
            },
          }),
        },
      },
    },
  },
  { task: TASK },
);
const state = temporaryDirectory();

let aws: EmbeddedAws;
let sfn: SFNClient;
let s3: S3Client;
beforeAll(async () => {
  await open();
  await s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'numbers.jsonl', Body: '1\n2\n-1\n3\n' }));
});
afterAll(() => aws.close());

async function open() {
  aws = await startEmbeddedAws({ assembly, state });
  sfn = new SFNClient(clientConfiguration(aws.url));
  s3 = new S3Client({ ...clientConfiguration(aws.url), forcePathStyle: true });
}

const start = async (name: string) => {
  const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
  return (await sfn.send(new StartExecutionCommand({ stateMachineArn }))).executionArn ?? '';
};

async function ended(executionArn: string) {
  for (;;) {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (execution.status !== 'RUNNING') return execution;
    await setTimeout(20);
  }
}

async function object(place: { Bucket: string; Key: string }) {
  const { Body } = await s3.send(new GetObjectCommand(place));
  return JSON.parse((await Body?.transformToString()) ?? '');
}

test('a state machine runs another, which maps over an object of S3 and leaves its results there', async () => {
  const { status, output, cause } = await ended(await start('caller'));
  expect([status, cause]).toEqual(['SUCCEEDED', undefined]);
  const { ResultFiles } = await object(JSON.parse(output ?? ''));
  const [succeeded] = ResultFiles.SUCCEEDED;
  const [failed] = ResultFiles.FAILED;
  expect(await object({ Bucket: 'lake', Key: succeeded.Key })).toEqual([2, 4, 6]);
  expect(await object({ Bucket: 'lake', Key: failed.Key })).toMatchObject([{ Input: '-1', Error: 'Negative' }]);
});

test('Map Runs and their executions outlive the process', async () => {
  const executionArn = await start('rows');
  await ended(executionArn);
  await aws.close();
  await open();
  const { mapRuns = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }));
  const mapRunArn = mapRuns[0]?.mapRunArn ?? '';
  expect(await sfn.send(new DescribeMapRunCommand({ mapRunArn }))).toMatchObject({
    status: 'SUCCEEDED',
    maxConcurrency: 2,
    itemCounts: { succeeded: 3, failed: 1, total: 4, resultsWritten: 4 },
    startDate: expect.any(Date),
  });
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ mapRunArn }));
  expect(executions.map(({ status }) => status).sort()).toEqual(['FAILED', 'SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
});

test('a client answers a Task by its token', async () => {
  const executionArn = await start('callback');
  const taskToken = await submittedToken(executionArn);
  await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{"approved":true}' }));
  expect(await ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '{"approved":true}' });
  await expect(sfn.send(new SendTaskSuccessCommand({ taskToken, output: '1' }))).rejects.toMatchObject({
    name: 'TaskTimedOut',
  });
});

/** The token that the execution's function was given, once the function has answered. */
async function submittedToken(executionArn: string): Promise<string> {
  for (;;) {
    const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    const submitted = events.find(({ type }) => type === 'TaskSubmitted')?.taskSubmittedEventDetails?.output;
    if (submitted !== undefined) return JSON.parse(submitted).Payload.kept;
    await setTimeout(20);
  }
}
