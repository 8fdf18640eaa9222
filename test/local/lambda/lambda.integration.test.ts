import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import type { FunctionConfiguration } from '#local/lambda/function.ts';
import { Lambda } from '#local/lambda/lambda.ts';
import { arn } from '#local/machine/account.ts';
import { temporaryDirectory } from '../../worlds/local/cloud-assembly.ts';

const logs = temporaryDirectory();
let lambda = newLambda();
afterEach(async () => {
  await lambda.close();
  lambda = newLambda();
});

function newLambda() {
  return new Lambda({
    endpoint: 'http://127.0.0.1:1',
    path: process.env['PATH'] ?? '',
    logs,
    cache: join(logs, 'cache'),
  });
}

function create(name: string, source: string, more: Partial<FunctionConfiguration> = {}) {
  const code = bundle({ 'index.js': source });
  lambda.put({
    name,
    arn: arn('lambda', `function:${name}`),
    code,
    handler: 'index.handler',
    timeoutSeconds: 900,
    memoryMegabytes: 128,
    environment: {},
    logGroup: `/aws/lambda/${name}`,
    ...more,
  });
}

function bundle(files: Record<string, string>) {
  const code = temporaryDirectory();
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(code, file, '..'), { recursive: true });
    writeFileSync(join(code, file), content);
  }
  return code;
}

async function invoke(name: string, payload: unknown = {}, signal?: AbortSignal) {
  const invoked = await lambda.invoke(name, JSON.stringify(payload), signal);
  return { ...invoked, payload: JSON.parse(invoked.payload) };
}

test('a handler gets the payload and answers', async () => {
  create('echo', 'exports.handler = async (event) => ({ got: event });');

  expect(await invoke('echo', { text: 'Grüße', n: 1 })).toMatchObject({
    failed: false,
    payload: { got: { text: 'Grüße', n: 1 } },
    executedVersion: '$LATEST',
  });
});

test('a handler that gives nothing answers null', async () => {
  create('nothing', 'exports.handler = () => {};');

  expect(await invoke('nothing')).toMatchObject({ payload: null, failed: false });
});

test("the environment is the function's and Lambda's own, and nothing of the host's but PATH", async () => {
  create('env', 'exports.handler = () => process.env;', { environment: { BUCKET: 'lake' } });
  process.env['OF_THE_HOST'] = 'x';

  const { payload } = await invoke(arn('lambda', 'function:env:1'));

  expect(payload).toMatchObject({
    BUCKET: 'lake',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_REGION: 'us-east-1',
    AWS_LAMBDA_FUNCTION_NAME: 'env',
    AWS_LAMBDA_FUNCTION_VERSION: '1',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    TZ: ':UTC',
  });
  expect(payload).not.toHaveProperty('OF_THE_HOST');
});

test('the context tells request, function and remaining time', async () => {
  create('context', 'exports.handler = (_, c) => ({ ...c, left: c.getRemainingTimeInMillis() });');

  const { payload, requestId } = await invoke('context');

  expect(payload).toMatchObject({
    awsRequestId: requestId,
    functionName: 'context',
    invokedFunctionArn: arn('lambda', 'function:context'),
    memoryLimitInMB: '128',
  });
  expect(payload.left).toBeGreaterThan(600_000);
  expect(payload.left).toBeLessThanOrEqual(900_000);
});

test('the next invocation finds the process warm, simultaneous ones get one each', async () => {
  create('pid', 'exports.handler = () => new Promise((r) => setTimeout(r, 100, process.pid));');

  const first = (await invoke('pid')).payload;
  const both = await Promise.all([invoke('pid'), invoke('pid')]);

  expect(both[0].payload).toBe(first);
  expect(both[1].payload).not.toBe(first);
});

test("an error of the handler is Lambda's envelope, and the process stays warm", async () => {
  const source = `exports.handler = (e) => {
    if (e.pid) return process.pid;
    throw Object.assign(new Error('bad input'), { name: 'Sluice.Terminal' });
  };`;
  create('throws', source);

  const before = (await invoke('throws', { pid: true })).payload;
  const { failed, payload } = await invoke('throws');

  expect({ failed, payload }).toMatchObject({
    failed: true,
    payload: { errorType: 'Sluice.Terminal', errorMessage: 'bad input', trace: expect.any(Array) },
  });
  expect((await invoke('throws', { pid: true })).payload).toBe(before);
});

test.each([
  ['exports.handler = 1;', 'Runtime.HandlerNotFound'],
  ["require('missing');", 'Runtime.ImportModuleError'],
  ['exports.handler = (;', 'Runtime.UserCodeSyntaxError'],
  ["throw new TypeError('at load');", 'TypeError'],
  ['exports.handler = () => process.exit(3);', 'Runtime.ExitError'],
  [
    "exports.handler = () => { Promise.reject(new Error('x')); return new Promise(() => {}); };",
    'Runtime.UnhandledPromiseRejection',
  ],
  [
    "exports.handler = () => { setTimeout(() => { throw new RangeError('x'); }); return new Promise(() => {}); };",
    'RangeError',
  ],
  ["exports.handler = () => 'x'.repeat(7e6);", 'Function.ResponseSizeTooLarge'],
])('%s fails as %s', async (source, errorType) => {
  create('fails', source);

  expect(await invoke('fails')).toMatchObject({ failed: true, payload: { errorType } });
});

test('a timeout kills the process, and the next invocation gets a new one', async () => {
  const source = 'exports.handler = (e) => (e.pid ? process.pid : new Promise((r) => setTimeout(r, 60_000)));';
  create('slow', source, { timeoutSeconds: 3 });
  const pid: number = (await invoke('slow', { pid: true })).payload;

  expect(await invoke('slow')).toMatchObject({
    failed: true,
    payload: {
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 3\.00 seconds$/),
    },
  });
  expect(readFileSync(join(logs, 'slow.log'), 'utf8')).toMatch(/Z \S{36} Task timed out after 3\.00 seconds\n/);
  expect((await invoke('slow', { pid: true })).payload).not.toBe(pid);
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test("more memory than the function has ends its process, not the embedded AWS's", async () => {
  create('greedy', 'exports.handler = () => { const all = []; for (;;) all.push(new Array(1e6).fill({})); };', {
    memoryMegabytes: 32,
  });

  expect(await invoke('greedy')).toMatchObject({ failed: true, payload: { errorType: 'Runtime.ExitError' } });
});

test('an aborted invocation rejects with the reason, and its process ends', async () => {
  create('aborted', 'exports.handler = (e) => (e.pid ? process.pid : new Promise(() => {}));');
  const pid: number = (await invoke('aborted', { pid: true })).payload;

  await expect(invoke('aborted', {}, AbortSignal.timeout(50))).rejects.toThrow('aborted due to timeout');
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test.each([
  ['an aborted invocation', async (invocation: AbortController) => invocation.abort()],
  ['the end of the embedded AWS', () => lambda.close()],
])('a process of a group of its own that a function started ends with it: %s', async (_, end) => {
  const pidFile = join(temporaryDirectory(), 'pid');
  create(
    'starter',
    `const { spawn } = require('node:child_process');
     exports.handler = (file) => {
       const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
       process.once('exit', () => process.kill(-child.pid, 'SIGKILL'));
       require('node:fs').writeFileSync(file, String(child.pid));
       return new Promise(() => {});
     };`,
  );
  const invocation = new AbortController();
  const invoked = invoke('starter', pidFile, invocation.signal).catch(() => {});
  await expect.poll(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8')).toBeTruthy();
  const pid = Number(readFileSync(pidFile, 'utf8'));
  expect(isAlive(pid)).toBe(true);
  await end(invocation);
  await invoked;
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test('a process that does not come to its end by itself is killed', async () => {
  create('busy', 'exports.handler = (e) => { if (e.pid) return Promise.resolve(process.pid); for (;;); };');
  const pid: number = (await invoke('busy', { pid: true })).payload;
  await expect(invoke('busy', {}, AbortSignal.timeout(50))).rejects.toThrow('aborted due to timeout');
  await expect.poll(() => isAlive(pid)).toBe(false);
});

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('a bundle is CommonJS, and loads only what it brings along, wherever it lies', async () => {
  const files = {
    'index.js': "exports.handler = () => [require('inner'), require('./other').x];",
    'node_modules/inner/index.js': 'module.exports = 1;',
    'other.js': 'exports.x = 2;',
  };
  create('bundle', '', { code: bundle(files) });
  // Below the project: its package.json says type module, and its node_modules has zod.
  const code = join('.sluice', `test-${process.pid}`);
  onTestFinished(() => rmSync(code, { recursive: true }));
  mkdirSync(code, { recursive: true });
  writeFileSync(join(code, 'index.js'), "exports.handler = () => require('zod');");
  create('outside', '', { code: join(process.cwd(), code) });

  expect((await invoke('bundle')).payload).toEqual([1, 2]);
  expect((await invoke('outside')).payload).toMatchObject({ errorMessage: expect.stringContaining("'zod'") });
});

test('what a function prints is in its log with its invocation and level, between the lines of its invocation', async () => {
  create('talks', "exports.handler = () => { console.log('hello'); console.error('careful'); };");

  const { requestId } = await invoke('talks');

  expect(readFileSync(join(logs, 'talks.log'), 'utf8')).toMatch(
    new RegExp(
      `START RequestId: ${requestId}[^]*Z\t${requestId}\tINFO\thello\n[^]*Z\t${requestId}\tERROR\tcareful\n` +
        `[^]*REPORT RequestId: ${requestId} Duration: `,
    ),
  );
});

test('an unknown function and a payload that is too large are errors of the API', async () => {
  create('echo', 'exports.handler = (e) => e;');

  await expect(lambda.invoke('nobody:3', '{}')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody:3',
  });
  await expect(invoke('echo', 'x'.repeat(7e6))).rejects.toMatchObject({ name: 'RequestTooLargeException' });
});

test('a payload close to the limit passes in both directions', async () => {
  create('echo', 'exports.handler = (e) => e;');

  expect((await invoke('echo', 'x'.repeat(6e6))).payload).toHaveLength(6e6);
});
