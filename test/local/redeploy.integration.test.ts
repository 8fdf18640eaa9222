import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { startEmbeddedAws } from '#local/index.ts';
import { functionResource, temporaryDirectory, writeAssembly } from '../worlds/local/cloud-assembly.ts';

const machine = (version: string, seconds: number) => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: {
    StateMachineName: 'nap',
    RoleArn: 'arn:aws:iam::000000000000:role/r',
    DefinitionString: JSON.stringify({
      QueryLanguage: 'JSONata',
      StartAt: 'Nap',
      States: {
        Nap: { Type: 'Wait', Seconds: seconds, Next: 'Work' },
        Work: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Arguments: { FunctionName: 'work' },
          Output: '{% $states.result.Payload %}',
          Next: 'End',
        },
        End: { Type: 'Pass', End: true, Output: { version, code: '{% $states.input %}' } },
      },
    }),
  },
});
const rule = (Name: string) => ({ Type: 'AWS::Events::Rule', Properties: { Name, ScheduleExpression: 'rate(1 day)' } });
const work = (code: number) => ({ [`work${code}`]: `exports.handler = async () => ${code};` });
const workFunction = (code: number) => functionResource(`work${code}`, { FunctionName: 'work' });

test('a changed app is deployed without losing what runs: it goes on with the definition that it began with', async () => {
  const before = { Machine: machine('one', 2), Fn: workFunction(1), Daily: rule('daily'), Gone: rule('gone') };
  const assembly = writeAssembly({ App: { template: { Resources: before } } }, { ...work(1), ...work(2) });
  const aws = await startEmbeddedAws({ assembly, state: temporaryDirectory() });
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new SFNClient({ endpoint: aws.url, region: 'us-east-1', credentials });
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:nap';
  const start = async () => (await client.send(new StartExecutionCommand({ stateMachineArn }))).executionArn;
  const outputOf = async (executionArn: string | undefined) => {
    const ended = () => client.send(new DescribeExecutionCommand({ executionArn }));
    await expect.poll(async () => (await ended()).status, { timeout: 20_000 }).toBe('SUCCEEDED');
    return JSON.parse((await ended()).output ?? '');
  };

  const running = await start();
  const after = { Machine: machine('two', 0), Fn: workFunction(2), Daily: rule('daily'), New: rule('new') };
  writeFileSync(join(assembly, 'App.template.json'), JSON.stringify({ Resources: after }));
  await aws.redeploy();

  expect(aws.rules().map(({ name }) => name)).toEqual(['daily', 'new']);
  const { definition } = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
  expect(definition).toContain('two');
  expect(await outputOf(await start())).toEqual({ version: 'two', code: 2 });
  expect(await outputOf(running)).toMatchObject({ version: 'one' });
  await aws.close();
});
