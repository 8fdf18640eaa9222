import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { AsyncInvocations } from '#local/lambda/async-invocation.ts';
import { Lambda } from '#local/lambda/lambda.ts';
import { arn } from '#local/machine/account.ts';
import { temporaryDirectory } from '../../worlds/local/cloud-assembly.ts';

const directory = temporaryDirectory();
const cache = join(directory, 'cache');
const lambda = new Lambda({ endpoint: 'http://127.0.0.1:1', path: '', logs: directory, cache });
const delivered: { to: string; payload: unknown }[] = [];
const invocations = new AsyncInvocations(lambda, async (to, payload) => {
  delivered.push({ to, payload: JSON.parse(payload) });
});
afterAll(() => lambda.close());

/** A function that fails its first so many invocations, and counts them all in a file. */
function create(name: string, failures: number) {
  const code = temporaryDirectory();
  const count = join(code, 'count');
  writeFileSync(count, '0');
  writeFileSync(
    join(code, 'index.js'),
    `const { readFileSync, writeFileSync } = require('node:fs');
     exports.handler = () => {
       const n = Number(readFileSync(${JSON.stringify(count)}, 'utf8')) + 1;
       writeFileSync(${JSON.stringify(count)}, String(n));
       if (n <= ${failures}) throw new RangeError('failure ' + n);
     };`,
  );
  const identity = { name, arn: arn('lambda', `function:${name}`), code, handler: 'index.handler', logGroup: name };
  lambda.put({ ...identity, timeoutSeconds: 5, memoryMegabytes: 128, environment: {} });
  return () => Number(readFileSync(count, 'utf8'));
}

test('an event is retried until the function takes it', async () => {
  const invoked = create('recovers', 1);

  invocations.invoke('recovers', '{}');
  await invocations.drain();

  expect(invoked()).toBe(2);
});

test('after two retries it goes to the dead-letter queue and the failure destination', async () => {
  const invoked = create('broken', 9);
  invocations.configure('broken', { deadLetter: 'arn:queue' });
  invocations.configure('broken', { onFailure: 'arn:topic' });

  invocations.invoke('broken', '{"id":1}');
  await invocations.drain();

  expect(invoked()).toBe(3);
  expect(delivered).toEqual([
    {
      to: 'arn:topic',
      payload: expect.objectContaining({
        requestContext: expect.objectContaining({ condition: 'RetriesExhausted', approximateInvokeCount: 3 }),
        requestPayload: { id: 1 },
        responsePayload: expect.objectContaining({ errorType: 'RangeError', errorMessage: 'failure 3' }),
      }),
    },
    { to: 'arn:queue', payload: { id: 1 } },
  ]);
});

test('as many retries as the function is configured for', async () => {
  const invoked = create('once', 9);
  invocations.configure('once', { maximumRetryAttempts: 0 });

  invocations.invoke('once', '{}');
  await invocations.drain();

  expect(invoked()).toBe(1);
});

test('a function that is not there is refused at once', () => {
  expect(() => invocations.invoke('nobody', '{}')).toThrow('Function not found');
});
