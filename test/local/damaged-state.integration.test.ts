/** Whatever of the state directory is cut, garbled or gone: the embedded AWS starts, or names the file and the way out. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { EmbeddedAwsError, startEmbeddedAws } from '#local/index.ts';
import { clientConfiguration } from '../worlds/local/clients.ts';
import { functionResource, temporaryDirectory, writeAssembly } from '../worlds/local/cloud-assembly.ts';

const CUSTOM = `exports.handler = ({ ResponseURL }) =>
  fetch(ResponseURL, { method: 'PUT', body: JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'made' }) });`;
const NOTHING = { QueryLanguage: 'JSONata', StartAt: 'Nothing', States: { Nothing: { Type: 'Succeed' } } };
const assembly = writeAssembly(
  {
    App: {
      template: {
        Resources: {
          Lake: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'lake' } },
          Token: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'token', SecretString: '{}' } },
          Maker: functionResource('custom', { FunctionName: 'custom' }),
          Made: { Type: 'Custom::Thing', Properties: { ServiceToken: { 'Fn::GetAtt': ['Maker', 'Arn'] } } },
          Machine: {
            Type: 'AWS::StepFunctions::StateMachine',
            Properties: {
              StateMachineName: 'nothing',
              RoleArn: 'arn:aws:iam::000000000000:role/r',
              DefinitionString: JSON.stringify(NOTHING),
            },
          },
        },
      },
    },
  },
  { custom: CUSTOM },
);

const prepared = join(temporaryDirectory(), 'prepared');
const state = join(temporaryDirectory(), 'state');
const told = vi.spyOn(console, 'error').mockImplementation(() => {});
const start = () => startEmbeddedAws({ assembly, state });

beforeAll(async () => {
  const aws = await startEmbeddedAws({ assembly, state: prepared });
  const s3 = new S3Client({ ...clientConfiguration(aws.url), forcePathStyle: true });
  for (const Key of ['a', 'b']) await s3.send(new PutObjectCommand({ Bucket: 'lake', Key, Body: Key }));
  const sfn = new SFNClient(clientConfiguration(aws.url));
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:nothing';
  for (const name of ['one', 'two']) await sfn.send(new StartExecutionCommand({ stateMachineArn, name }));
  cpSync(join(prepared, 'lock.json'), join(prepared, 'kept-lock.json'));
  await aws.close();
  cpSync(join(prepared, 'kept-lock.json'), join(prepared, 'lock.json'));
  rmSync(join(prepared, 'kept-lock.json'));
});
beforeEach(restore);
afterAll(() => told.mockRestore());

function restore() {
  rmSync(state, { recursive: true, force: true });
  cpSync(prepared, state, { recursive: true });
}

/** Starts, or refuses in words; what was told either way. */
async function outcome(): Promise<string> {
  told.mockClear();
  try {
    await (await start()).close();
  } catch (error) {
    expect(error, String((error as Error).stack)).toBeInstanceOf(EmbeddedAwsError);
    return (error as Error).message;
  }
  return told.mock.calls.flat().join('\n');
}

test('every file of the state may be cut, emptied or garbled anywhere', async () => {
  const all = readdirSync(prepared, { recursive: true, encoding: 'utf8' });
  const files = all.filter((file) => /\.(nd)?json$/.test(file));
  expect(files.map((file) => file.split('/')[0]).sort()).toEqual(
    expect.arrayContaining(['custom-resources.json', 'executions', 'lock.json', 's3', 'secrets.json']),
  );
  const damage = fc.record({
    file: fc.constantFrom(...files),
    how: fc.constantFrom('cut', 'garbled', 'emptied', 'gone'),
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ file, how, at }) => {
      restore();
      const path = join(state, file);
      const offset = Math.floor(at * statSync(path).size);
      if (how === 'cut') truncateSync(path, offset);
      else if (how === 'emptied') truncateSync(path, 0);
      else if (how === 'gone') rmSync(path);
      else {
        const bytes = readFileSync(path);
        bytes[offset] = 0;
        writeFileSync(path, bytes);
      }
      const message = await outcome();
      if (message !== '') expect(message).toContain(path);
      // A lock belongs to nobody then, and a line that was cut off never was written.
      else expect(how === 'gone' || /lock\.json$|ndjson$/.test(file)).toBe(true);
    }),
    { numRuns: 40, examples: files.map((file) => [{ file, how: 'emptied', at: 0 }] as const) as never },
  );
});

test('a damaged history costs that history, and is told once', async () => {
  const file = join(state, 'executions/nothing/one.json');
  writeFileSync(file, '{"record":');
  expect(await outcome()).toContain(`${file}, which holds the history of an execution, is damaged`);
  expect(await outcome()).toBe('');
  expect(existsSync(join(state, 'executions/nothing/two.json'))).toBe(true);
});

test('damaged secrets are refused until they are removed; then what was made with them is made again', async () => {
  const file = join(state, 'secrets.json');
  appendFileSync(file, 'x');
  expect(await outcome()).toMatch(/secrets\.json, which holds the secrets, is damaged: .* Remove it to go on/);
  rmSync(file);
  expect(await outcome()).toBe(`${file} is gone, with all that it held. What the app needs in it is made again.`);
  expect(await outcome()).toBe('');
});
