import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startEmbeddedAws } from '#local/index.ts';
import { functionResource, temporaryDirectory, writeAssembly } from '../../worlds/local/cloud-assembly.ts';

const start = (Resources: object, functions: Record<string, string> = {}, state = temporaryDirectory()) =>
  startEmbeddedAws({ assembly: writeAssembly({ App: { template: { Resources } } }, functions), state });

const custom = { Type: 'Custom::Made', Properties: { ServiceToken: { 'Fn::GetAtt': ['Maker', 'Arn'] } } };

test.each([
  [
    'has code that is not in the assembly',
    functionResource('missing'),
    /the code of the function Fn, missing\.zip, is not in/,
  ],
  [
    'is not of Node.js',
    functionResource('code', { Runtime: 'python3.14' }),
    /AWS::Lambda::Function Fn has properties [\s\S]*Node\.js/,
  ],
  [
    'has no handler',
    functionResource('code', { Handler: undefined }),
    /AWS::Lambda::Function Fn has properties [\s\S]*Handler/,
  ],
])('a function that %s is refused', async (_, Fn, message) => {
  await expect(start({ Fn }, { code: 'exports.handler = () => {};' })).rejects.toThrow(message);
});

test('a state machine whose definition is not valid is refused by its name', async () => {
  const Properties = { RoleArn: 'arn:aws:iam::000000000000:role/r', DefinitionString: '{"StartAt":"A"}' };

  await expect(start({ Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties } })).rejects.toThrow(
    'Deploying the stack App: the state machine Machine is refused: ',
  );
});

test.each([
  ["throw new Error('no network');", /Made \(Custom::Made\) was refused: its function .* failed: .*no network/],
  [
    'exports.handler = () => {};',
    /Made \(Custom::Made\) was refused: its function .* ended without sending a response/,
  ],
])('a custom resource whose function is %j stops the deployment', async (source, message) => {
  await expect(start({ Maker: functionResource('maker'), Made: custom }, { maker: source })).rejects.toThrow(message);
});

test('what a custom resource was refused with is tried again at the next start', async () => {
  const state = temporaryDirectory();
  const allowed = join(temporaryDirectory(), 'allowed');
  const source = `const { existsSync } = require('node:fs');
    exports.handler = async (event) => {
      const Status = existsSync(${JSON.stringify(allowed)}) ? 'SUCCESS' : 'FAILED';
      await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify({ Status, Reason: event.RequestType }) });
    };`;
  const app = () => start({ Maker: functionResource('maker'), Made: custom }, { maker: source }, state);

  await expect(app()).rejects.toThrow('was refused: Create');
  writeFileSync(allowed, '');
  await (await app()).close();
});

test('an event that a function does not take ends in the queue of its dead letters', async () => {
  const state = temporaryDirectory();
  const Ticks = {
    Type: 'AWS::Events::Rule',
    Properties: {
      Name: 'ticks',
      ScheduleExpression: 'rate(1 day)',
      Targets: [{ Id: 'a', Arn: { 'Fn::GetAtt': ['Fn', 'Arn'] }, Input: '{"n":1}' }],
    },
  };
  const Fn = functionResource('fails', { DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': ['Letters', 'Arn'] } } });
  const Once = {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: { FunctionName: { Ref: 'Fn' }, Qualifier: '$LATEST', MaximumRetryAttempts: 0 },
  };
  const aws = await start({ Letters: { Type: 'AWS::SQS::Queue' }, Fn, Once, Ticks }, { fails: 'throw 1;' }, state);

  await aws.fire('ticks', new Date());
  await aws.drain();
  await aws.close();

  const [file = ''] = existsSync(join(state, 'queues')) ? readdirSync(join(state, 'queues')) : [];
  expect(file).toMatch(/^App-Letters-\w{8}\.ndjson$/);
  expect(JSON.parse(readFileSync(join(state, 'queues', file), 'utf8'))).toMatchObject({ body: '{"n":1}' });
});
