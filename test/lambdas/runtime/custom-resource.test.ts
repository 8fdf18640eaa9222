import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { customResource } from '#lambdas/runtime/custom-resource.ts';
import { Terminal, Transient } from '#lib/contract/errors.ts';

const answers: { Status: string; Reason?: string }[] = [];
const cloudFormation = createServer((request, response) => {
  void request.toArray().then((body) => {
    answers.push(JSON.parse(body.join('')));
    response.end();
  });
});
beforeAll(() => new Promise<void>((listening) => cloudFormation.listen(0, '127.0.0.1', listening)));
afterAll(() => void cloudFormation.close());
beforeEach(() => void answers.splice(0));

const MINUTE = 60_000;

/** Deploys a resource whose making fails so many times, in a function that has so much time. */
async function deploy({ error, failures, time = 15 * MINUTE }: { error: Error; failures: number; time?: number }) {
  let tries = 0;
  let now = 0;
  const make = async () => {
    tries += 1;
    if (tries <= failures) throw error;
  };
  const handler = customResource(z.object({}), make, async (ms) => {
    now += ms;
  });
  const { port } = cloudFormation.address() as AddressInfo;
  const ResponseURL = `http://127.0.0.1:${port}/`;
  const request = { RequestType: 'Create', ResponseURL, StackId: 's', RequestId: 'r', LogicalResourceId: 'X' };
  await handler({ ...request, ResourceProperties: {} }, { getRemainingTimeInMillis: () => time - now });
  return { tries, waited: now, answer: answers[0] };
}

const called = (name: string): Error => Object.assign(new Error('of AWS'), { name });
const wrapped = (cause: Error): Error => new Terminal('Creating the user', { cause });

const PASSING = [
  called('AccessDeniedException'),
  called('AccessDenied'),
  called('ResourceNotFoundException'),
  called('ConflictException'),
  wrapped(called('AccessDeniedException')),
  new Transient('The workgroup is being resumed'),
];

test.each(PASSING)(
  'what was just created may answer %s at first, and the resource is made in the end',
  async (error) => {
    expect(await deploy({ error, failures: 6 })).toMatchObject({ tries: 7, answer: { Status: 'SUCCESS' } });
  },
);

test.each(PASSING)('what still answers %s after five minutes fails, saying why', async (error) => {
  const { waited, answer } = await deploy({ error, failures: Number.POSITIVE_INFINITY });
  expect(waited).toBeGreaterThan(4 * MINUTE);
  expect(waited).toBeLessThanOrEqual(5 * MINUTE);
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(error.message) });
});

test('the answer comes before the function’s time is up', async () => {
  const { waited, answer } = await deploy({
    error: called('AccessDeniedException'),
    failures: Number.POSITIVE_INFINITY,
    time: MINUTE,
  });
  expect(waited).toBeLessThan(MINUTE);
  expect(answer?.Status).toBe('FAILED');
});

test('what waiting cannot change fails at once', async () => {
  const error = wrapped(called('ValidationException'));
  expect(await deploy({ error, failures: 1 })).toMatchObject({ tries: 1, waited: 0, answer: { Status: 'FAILED' } });
});
