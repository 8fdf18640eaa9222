import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { ListTopicsCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runningAt } from '#local/at-rest.ts';
import { type EmbeddedAws, startEmbeddedAws } from '#local/index.ts';
import { clientConfiguration } from '../worlds/local/clients.ts';
import { functionResource, temporaryDirectory, writeAssembly } from '../worlds/local/cloud-assembly.ts';

/** Answers what it is asked; with `fail`, throws an error of that name. Leaves a line of each event in its log. */
const TASK = `exports.handler = async (event, context) => {
  console.log(JSON.stringify(event));
  if (event.fail) throw Object.assign(new Error('as asked'), { name: event.fail });
  return { event, bucket: process.env.BUCKET, version: context.functionVersion };
};`;

/** A custom resource that writes what it was asked into a file, and fails when its Fail property says so. */
const CUSTOM = `const { appendFileSync } = require('node:fs');
exports.handler = async (event) => {
  appendFileSync(process.env.CALLS, JSON.stringify(event) + '\\n');
  const { Fail, Value } = event.ResourceProperties;
  const body = Fail
    ? { Status: 'FAILED', Reason: Fail }
    : { Status: 'SUCCESS', PhysicalResourceId: 'made-' + Value, Data: { Answer: Value } };
  await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify(body) });
};`;

const calls = join(temporaryDirectory(), 'calls.ndjson');
const callsMade = () =>
  existsSync(calls)
    ? readFileSync(calls, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];

const DEFINITION = {
  QueryLanguage: 'JSONata',
  StartAt: 'Work',
  States: {
    Work: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'VERSION', Payload: '{% $states.input %}' },
      Output: '{% $states.result.Payload %}',
      End: true,
    },
  },
};
const [before, after] = JSON.stringify(DEFINITION).split('VERSION');

function app({ value = '1', fail = '' } = {}) {
  const platform = {
    Resources: {
      Lake: { Type: 'AWS::S3::Bucket', Properties: {} },
      Topic: { Type: 'AWS::SNS::Topic' },
      Mail: {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'email', Endpoint: 'me@example.org' },
      },
      Token: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'github', SecretString: '{}' } },
      Maker: functionResource('custom', { Environment: { Variables: { CALLS: calls } } }),
      Made: {
        Type: 'Custom::Thing',
        Properties: {
          ServiceToken: { 'Fn::GetAtt': ['Maker', 'Arn'] },
          Value: Number(value),
          ...(fail && { Fail: fail }),
        },
      },
    },
    Outputs: {
      Bucket: { Value: { Ref: 'Lake' }, Export: { Name: 'Platform:Lake' } },
      Answer: { Value: { 'Fn::GetAtt': ['Made', 'Answer'] } },
    },
  };
  const pipeline = {
    Resources: {
      Task: functionResource('task', {
        Environment: { Variables: { BUCKET: { 'Fn::ImportValue': 'Platform:Lake' } } },
      }),
      Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Task' } } },
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          StateMachineName: 'Pipeline',
          RoleArn: 'arn:aws:iam::000000000000:role/r',
          DefinitionString: { 'Fn::Join': ['', [before, { Ref: 'Version' }, after]] },
        },
      },
      Tick: {
        Type: 'AWS::Events::Rule',
        Properties: {
          Name: 'daily',
          ScheduleExpression: 'cron(0 0 * * ? *)',
          Targets: [
            {
              Id: 'a',
              Arn: { Ref: 'Machine' },
              InputTransformer: { InputPathsMap: { t: '$.time' }, InputTemplate: '{"tick":<t>}' },
            },
          ],
        },
      },
      End: functionResource('task', { FunctionName: 'end' }),
      Ended: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: {
            source: ['aws.states'],
            detail: { stateMachineArn: [{ Ref: 'Machine' }], status: ['SUCCEEDED', 'FAILED'] },
          },
          Targets: [{ Id: 'a', Arn: { 'Fn::GetAtt': ['End', 'Arn'] } }],
        },
      },
    },
    Outputs: { StateMachine: { Value: { Ref: 'Machine' } } },
  };
  const stacks = { Pipeline: { template: pipeline, dependencies: ['Platform'] }, Platform: { template: platform } };
  return writeAssembly(stacks, { task: TASK, custom: CUSTOM });
}

const state = temporaryDirectory();
const assembly = app();
let aws: EmbeddedAws;
let configuration: ReturnType<typeof clientConfiguration>;
const start = async (options: { assembly?: string } = {}) => {
  aws = await startEmbeddedAws({ assembly, state, ...options });
  configuration = clientConfiguration(aws.url);
};
beforeAll(() => start());
afterAll(() => aws.close());

const stateMachineArn = () => aws.outputs('Pipeline')['StateMachine'] ?? '';

async function run(input: object) {
  const client = new SFNClient(configuration);
  const { executionArn } = await client.send(
    new StartExecutionCommand({ stateMachineArn: stateMachineArn(), input: JSON.stringify(input) }),
  );
  const execution = () => client.send(new DescribeExecutionCommand({ executionArn }));
  await expect.poll(execution).not.toMatchObject({ status: 'RUNNING' });
  return await execution();
}

describe('a deployed app', () => {
  test('is seen through CloudFormation', async () => {
    const client = new CloudFormationClient(configuration);

    const { Stacks } = await client.send(new DescribeStacksCommand());
    const { StackResources } = await client.send(new DescribeStackResourcesCommand({ StackName: 'Pipeline' }));

    expect(Stacks?.map(({ StackName }) => StackName)).toEqual(['Platform', 'Pipeline']);
    expect(Stacks?.[0]?.Outputs).toContainEqual({ OutputKey: 'Answer', OutputValue: '1' });
    expect(StackResources).toContainEqual(
      expect.objectContaining({ LogicalResourceId: 'Machine', PhysicalResourceId: stateMachineArn() }),
    );
  });

  test('has its bucket, under the name that the outputs tell', async () => {
    const client = new S3Client(configuration);
    const object = { Bucket: aws.outputs('Platform')['Bucket'], Key: 'a/b' };

    await client.send(new PutObjectCommand({ ...object, Body: 'text' }));

    expect(await (await client.send(new GetObjectCommand(object))).Body?.transformToString()).toBe('text');
  });

  test('runs its state machine, whose task is the deployed version of the function', async () => {
    const { status, output } = await run({ n: 1 });

    expect(status).toBe('SUCCEEDED');
    expect(JSON.parse(output ?? '')).toEqual({
      event: { n: 1 },
      bucket: aws.outputs('Platform')['Bucket'],
      version: '1',
    });
  });

  test("fails an execution with the error's name and Lambda's envelope as the cause", async () => {
    const { status, error, cause } = await run({ fail: 'Sluice.Terminal' });

    expect({ status, error }).toEqual({ status: 'FAILED', error: 'Sluice.Terminal' });
    expect(JSON.parse(cause ?? '')).toMatchObject({ errorType: 'Sluice.Terminal', errorMessage: 'as asked' });
  });

  test('tells the end of an execution to the function that its rule names', async () => {
    const { executionArn } = await run({ n: 2 });
    await aws.drain();

    const log = readFileSync(join(state, 'logs', 'end.log'), 'utf8');
    expect(log).toContain(`"executionArn":"${executionArn}"`);
  });

  test('starts an execution at a tick that is fired', async () => {
    await aws.fire('daily', new Date('2026-11-20T00:00:00Z'));

    const client = new SFNClient(configuration);
    const newest = async () => {
      const { executions } = await client.send(new ListExecutionsCommand({ stateMachineArn: stateMachineArn() }));
      return await client.send(new DescribeExecutionCommand({ executionArn: executions?.[0]?.executionArn }));
    };
    await expect.poll(newest).toMatchObject({ status: 'SUCCEEDED', input: '{"tick":"2026-11-20T00:00:00Z"}' });
    expect(aws.rules().find(({ name }) => name === 'daily')?.schedule?.expression).toBe('cron(0 0 * * ? *)');
  });

  test('puts a published message into the mailbox, for those who subscribed', async () => {
    const client = new SNSClient(configuration);
    const TopicArn = (await client.send(new ListTopicsCommand())).Topics?.[0]?.TopicArn;

    await client.send(new PublishCommand({ TopicArn, Subject: 'Failed: github', Message: 'line 1\nline 2' }));

    const [file = ''] = readdirSync(join(state, 'mailbox'));
    expect(file).toMatch(/^\d{8}T\d{6}Z-Failed-github-\w{8}\.eml$/);
    expect(readFileSync(join(state, 'mailbox', file), 'utf8')).toMatch(
      /^From: arn:.*\nTo: me@example\.org\nDate: .*\nSubject: Failed: github\n[\s\S]*\n\nline 1\nline 2\n$/,
    );
  });

  test('answers Invoke: synchronously, as an event, as a dry run, and for a function that is not there', async () => {
    const client = new LambdaClient(configuration);
    const invoke = (FunctionName: string, more: object = {}) =>
      client.send(new InvokeCommand({ FunctionName, Payload: '{"fail":"Bad"}', ...more }));

    expect(await invoke('end', { Qualifier: '1' })).toMatchObject({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      ExecutedVersion: '1',
    });
    expect(await invoke('end', { InvocationType: 'Event', Payload: '{"async":1}' })).toMatchObject({ StatusCode: 202 });
    expect(await invoke('end', { InvocationType: 'DryRun' })).toMatchObject({ StatusCode: 204 });
    await expect(invoke('nobody')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await aws.drain();
    expect(readFileSync(join(state, 'logs', 'end.log'), 'utf8')).toContain('{"async":1}');
  });

  test('answers GetFunctionConfiguration', async () => {
    const client = new LambdaClient(configuration);
    const of = (FunctionName: string) => client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(await of('end')).toMatchObject({ FunctionName: 'end', Handler: 'index.handler', Runtime: 'nodejs24.x' });
    await expect(of('nobody')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('a second start', () => {
  test('finds secrets, objects and executions of the first', async () => {
    const secrets = () => new SecretsManagerClient(configuration);
    await secrets().send(new PutSecretValueCommand({ SecretId: 'github', SecretString: '{"token":"t"}' }));
    const { executionArn } = await run({ n: 3 });
    await aws.close();
    await start();

    const execution = await new SFNClient(configuration).send(new DescribeExecutionCommand({ executionArn }));
    expect(execution).toMatchObject({ status: 'SUCCEEDED', startDate: expect.any(Date) });
    expect((await secrets().send(new GetSecretValueCommand({ SecretId: 'github' }))).SecretString).toBe(
      '{"token":"t"}',
    );
  });

  test('invokes a custom resource again only when its properties have changed', async () => {
    const made = callsMade().length;
    await aws.close();
    await start();
    expect(callsMade()).toHaveLength(made);

    await aws.close();
    await start({ assembly: app({ value: '2' }) });
    expect(callsMade().at(-1)).toMatchObject({
      RequestType: 'Update',
      PhysicalResourceId: 'made-1',
      LogicalResourceId: 'Made',
      ResourceType: 'Custom::Thing',
      ResourceProperties: { Value: '2' },
      OldResourceProperties: { Value: '1' },
    });
    expect(aws.outputs('Platform')['Answer']).toBe('2');
  });

  test('is refused with the reason of a custom resource that fails, and leaves nothing running', async () => {
    await aws.close();

    await expect(start({ assembly: app({ fail: 'no such user' }) })).rejects.toThrow(
      'Deploying the stack Platform: the custom resource Made (Custom::Thing) was refused: no such user',
    );
    expect(await runningAt(state)).toBeUndefined();
    await start();
  });
});

describe('the state directory', () => {
  test('tells who runs on it', async () => {
    expect(await runningAt(state)).toEqual({ pid: process.pid, url: aws.url, lasting: false, reading: false });
    expect(await runningAt(temporaryDirectory())).toBeUndefined();
  });

  test('serves one embedded AWS at a time', async () => {
    await expect(startEmbeddedAws({ assembly, state })).rejects.toThrow(
      `An embedded AWS already runs on ${state}: ${aws.url}, process ${process.pid}. Use it, or end it first.`,
    );
  });

  test('is taken over from a process that was killed', async () => {
    const dead = temporaryDirectory();
    // The process lives, as one that got the number again would; nobody listens.
    writeFileSync(join(dead, 'lock.json'), JSON.stringify({ pid: process.pid, url: 'http://127.0.0.1:1' }));

    const second = await startEmbeddedAws({ assembly, state: dead });

    expect((await runningAt(dead))?.url).toBe(second.url);
    await second.close();
  });

  test('aborts the executions of a process that was killed', async () => {
    const executionArn = stateMachineArn().replace(':stateMachine:', ':execution:').concat(':lost');
    const record = {
      executionArn,
      stateMachineArn: stateMachineArn(),
      name: 'lost',
      status: 'RUNNING',
      startDate: new Date(),
      input: '{}',
    };
    await aws.close();
    writeFileSync(join(state, 'executions', 'Pipeline', 'lost.json'), JSON.stringify({ record, events: [] }));
    await start();

    expect(await new SFNClient(configuration).send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'ABORTED',
      cause: 'The embedded AWS ended while this execution was running.',
    });
  });
});

test('an app with a resource type that is not supported is refused', async () => {
  const unknown = writeAssembly({ App: { template: { Resources: { Db: { Type: 'AWS::RDS::DBInstance' } } } } });

  await expect(startEmbeddedAws({ assembly: unknown, state: temporaryDirectory() })).rejects.toThrow(
    'Deploying the stack App: the embedded AWS does not know the resource type AWS::RDS::DBInstance of Db.',
  );
});
