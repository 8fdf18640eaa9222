import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { integrations } from '#local/integrations/integrations.ts';
import { Lambda } from '#local/lambda/lambda.ts';
import { SecretsManager } from '#local/secrets-manager/secrets-manager.ts';
import { Sns } from '#local/sns/sns.ts';
import { StepFunctions } from '#local/stepfunctions/index.ts';
import { temporaryDirectory } from '../../worlds/local/cloud-assembly.ts';

const roleArn = 'arn:aws:iam::000000000000:role/r';

/** Services without an endpoint; `run` runs one Task state and describes how its execution ended. */
function services() {
  const directory = temporaryDirectory();
  const host = {
    endpoint: 'http://127.0.0.1:1',
    path: '',
    logs: join(directory, 'logs'),
    cache: join(directory, 'cache'),
  };
  const sns = new Sns(join(directory, 'mailbox'));
  const secrets = new SecretsManager(join(directory, 'secrets.json'));
  const sfn: StepFunctions = new StepFunctions({
    accountId: '000000000000',
    region: 'us-east-1',
    invoke: integrations({
      lambda: new Lambda(host),
      sns,
      stepFunctions: () => sfn,
      sdk: {
        sfn: { prefix: 'Sfn', operations: () => sfn.operations, camelCase: true },
        secretsmanager: { prefix: 'SecretsManager', operations: () => secrets.operations },
      },
    }),
  });
  const create = (name: string, states: Record<string, unknown>) => {
    const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states });
    return sfn.operations.CreateStateMachine({ name, definition, roleArn }).stateMachineArn;
  };
  let calls = 0;
  const start = (Resource: string, Arguments: object) => {
    const stateMachineArn = create(`caller-${calls++}`, { Call: { Type: 'Task', Resource, Arguments, End: true } });
    return sfn.operations.StartExecution({ stateMachineArn }).executionArn;
  };
  const run = async (...call: Parameters<typeof start>) => {
    const executionArn = start(...call);
    const { status, output, error, cause } = await sfn.finished(executionArn);
    const { events } = sfn.operations.GetExecutionHistory({ executionArn });
    const types = events.map(({ type }) => type);
    return { status, error, cause, types, output: output === undefined ? undefined : JSON.parse(output) };
  };
  return { sfn, sns, secrets, create, start, run, mailbox: join(directory, 'mailbox') };
}

const STATES = 'arn:aws:states:::states:startExecution';
const echo = { Echo: { Type: 'Pass', Output: { got: '{% $states.input %}' }, End: true } };

test('a state machine starts another and goes on', async () => {
  const { run, create, sfn } = services();
  const StateMachineArn = create('other', echo);
  const { output, types } = await run(STATES, { StateMachineArn, Name: 'one', Input: { n: 1 } });
  const ExecutionArn = 'arn:aws:states:us-east-1:000000000000:execution:other:one';
  expect(output).toMatchObject({
    ExecutionArn,
    StartDate: expect.any(Number),
    SdkHttpMetadata: { HttpStatusCode: 200 },
  });
  expect(types).not.toContain('TaskSubmitted');
  expect(await sfn.finished(ExecutionArn)).toMatchObject({ output: '{"got":{"n":1}}' });
});

test('a state machine runs another and has its output', async () => {
  const { run, create } = services();
  const StateMachineArn = create('other', echo);
  const { output, types } = await run(`${STATES}.sync:2`, { StateMachineArn, Name: 'one', Input: { n: 1 } });
  expect(output).toEqual({
    ExecutionArn: 'arn:aws:states:us-east-1:000000000000:execution:other:one',
    StateMachineArn,
    Name: 'one',
    Status: 'SUCCEEDED',
    Input: { n: 1 },
    InputDetails: { Included: true },
    Output: { got: { n: 1 } },
    OutputDetails: { Included: true },
    RedriveCount: 0,
    StartDate: expect.any(Number),
    StopDate: expect.any(Number),
  });
  expect(types.slice(2, 6)).toEqual(['TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded']);
  const text = await run(`${STATES}.sync`, { StateMachineArn });
  expect(text.error ?? text.output).toMatchObject({ Input: '{}', Output: '{"got":{}}' });
});

test('the failure of the other state machine is told with its description', async () => {
  const { run, create } = services();
  const StateMachineArn = create('other', { Boom: { Type: 'Fail', Error: 'Boom', Cause: 'why' } });
  const { error, cause, types } = await run(`${STATES}.sync:2`, { StateMachineArn });
  expect(error).toBe('States.TaskFailed');
  expect(JSON.parse(cause ?? '')).toMatchObject({ Error: 'Boom', Cause: 'why', Status: 'FAILED', Input: '{}' });
  expect(types.slice(-3)).toEqual(['TaskSubmitted', 'TaskFailed', 'ExecutionFailed']);
});

test('a state machine that does not exist is told as AWS does', async () => {
  const StateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:none';
  const { error, cause, types } = await services().run(`${STATES}.sync:2`, { StateMachineArn });
  expect(error).toBe('StepFunctions.StateMachineDoesNotExistException');
  expect(cause).toContain(
    `State Machine Does Not Exist: '${StateMachineArn}' (Service: AWSStepFunctions; Status Code: 400`,
  );
  expect(types).not.toContain('TaskSubmitted');
});

test('stopping an execution stops the one that it waits for', async () => {
  const { start, create, sfn } = services();
  const StateMachineArn = create('other', { Long: { Type: 'Wait', Seconds: 1000, End: true } });
  const executionArn = start(`${STATES}.sync:2`, { StateMachineArn, Name: 'one' });
  await setTimeout(5);
  sfn.operations.StopExecution({ executionArn });
  const child = await sfn.finished('arn:aws:states:us-east-1:000000000000:execution:other:one');
  expect(child.status).toBe('ABORTED');
});

test('a message to a topic becomes a mail, an object as JSON', async () => {
  const { run, sns, mailbox } = services();
  const TopicArn = sns.createTopic('news');
  const { output } = await run('arn:aws:states:::sns:publish', { TopicArn, Subject: 'Hello', Message: { rows: 3 } });
  expect(output).toMatchObject({ MessageId: expect.any(String), SdkHttpMetadata: { HttpStatusCode: 200 } });
  const mails = readdirSync(mailbox).map((file) => readFileSync(join(mailbox, file), 'utf8'));
  expect(mails.join()).toContain('{"rows":3}');
  const failed = await run('arn:aws:states:::sns:publish', { TopicArn: `${TopicArn}x`, Message: 'a' });
  expect(failed.error).toBe('SNS.NotFoundException');
});

test('aws-sdk calls a service by its names in PascalCase', async () => {
  const { run, secrets, create } = services();
  secrets.operations.CreateSecret({ Name: 'token', SecretString: 'x' });
  const secret = await run('arn:aws:states:::aws-sdk:secretsmanager:getSecretValue', { SecretId: 'token' });
  expect(secret.output).toMatchObject({ Name: 'token', SecretString: 'x' });
  const StateMachineArn = create('other', echo);
  const described = await run('arn:aws:states:::aws-sdk:sfn:describeStateMachine', { StateMachineArn });
  expect(described.output).toMatchObject({ StateMachineArn, Name: 'other', Status: 'ACTIVE' });
});

test.each([
  ['arn:aws:states:::aws-sdk:secretsmanager:getSecretValue', 'SecretsManager.ResourceNotFoundException', "can't find"],
  [
    'arn:aws:states:::aws-sdk:secretsmanager:fly',
    'SecretsManager.NotImplementedException',
    'operation Fly is not part',
  ],
  ['arn:aws:states:::aws-sdk:s3:getObject', 'States.Runtime', 'has no aws-sdk:s3; it has aws-sdk for sfn, secrets'],
  ['arn:aws:states:::glue:startJobRun.sync', 'States.Runtime', 'does not carry out arn:aws:states:::glue:startJobRun'],
])('%s fails with %s', async (resource, name, message) => {
  const { error, cause } = await services().run(resource, { SecretId: 'none' });
  expect(error).toBe(name);
  expect(cause).toContain(message);
});
