/** What a bundled, minified handler says of an error that nobody foresaw, through the embedded Lambda. */
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '#lib/constructs/functions/bundles.ts';
import { Lambda } from '#local/lambda/lambda.ts';
import { arn } from '#local/machine/account.ts';
import { type Aws, BUCKET, openAws } from '../../worlds/aws.ts';
import { eventOf } from '../../worlds/events.ts';
import { Project } from '../../worlds/project.ts';

const TASK = `import { taskType } from '#sluice';
import * as z from 'zod';
export const own = taskType('own', { input: z.object({ how: z.string() }), output: z.object({}) });
`;
const HANDLER = `import * as z from 'zod';
import { implement, Terminal } from '#sluice/lambda';
import { fall } from './fall.ts';
import { own } from './task.ts';

const ways: Record<string, () => unknown> = {
  sync: () => { throw new RangeError('too far'); },
  builtin: () => JSON.parse('{'),
  library: () => z.string().parse(1),
  later: async () => { await new Promise((done) => setTimeout(done, 1)); (undefined as any).x; },
  beside: () => fall('a $& text\\n    at fake (lambdas/fake.ts:1:1)'),
  cause: () => { try { fall('inner'); } catch (error) { throw new Error('outer', { cause: error }); } },
  text: () => { throw 'only a text'; },
  foreseen: () => { throw new Terminal('Set it.'); },
};

export const handler = implement(own, async ({ how }) => {
  await ways[how]!();
  return {};
});
`;
const FALL = `
export function fall(why: string): never {
  const long = \`of
lines\`;
  throw new Error(why + long.length);
}
`;

const project = new Project();
let aws: Aws;
let lambda: Lambda;
beforeAll(async () => {
  aws = await openAws();
  for (const [file, text] of Object.entries({ 'task.ts': TASK, 'handler.ts': HANDLER, 'fall.ts': FALL }))
    project.write(`lambdas/tasks/own/${file}`, text);
  const bundled = await bundle(
    { own: 'lambdas/tasks/own/handler.ts' },
    { root: project.root, outdir: project.path('out/deep') },
  );
  const code = project.path('code');
  mkdirSync(code);
  for (const end of ['', '.map']) cpSync(`${bundled('own')}${end}`, join(code, `index.js${end}`));
  lambda = new Lambda({
    endpoint: aws.endpoint.url,
    path: process.env['PATH'] ?? '',
    logs: aws.dir,
    cache: join(aws.dir, 'cache'),
  });
  lambda.put({
    name: 'own',
    arn: arn('lambda', 'function:own'),
    code,
    handler: 'index.handler',
    timeoutSeconds: 60,
    memoryMegabytes: 512,
    environment: { SLUICE_BUCKET: BUCKET, POWERTOOLS_SERVICE_NAME: 'own' },
    logGroup: '/aws/lambda/own',
  });
});
afterAll(async () => {
  await lambda.close();
  await aws.close();
  project[Symbol.dispose]();
});

const messageOf = async (how: string): Promise<string> =>
  JSON.parse((await lambda.invoke('own', JSON.stringify(eventOf({ how })))).payload).errorMessage;

/** The line of a file that holds a text, as its author counts. */
const lineOf = (source: string, text: string) => source.slice(0, source.indexOf(text)).split('\n').length;

test.for([
  ['sync', HANDLER, 'sync:'],
  ['builtin', HANDLER, 'builtin:'],
  ['library', HANDLER, 'library:'],
  ['later', HANDLER, 'later:'],
  ['beside', FALL, 'throw new Error'],
  ['cause', HANDLER, 'cause:'],
] as const)('%s: file and line of the code that threw end the message', async ([how, source, text]) => {
  const file = `lambdas/tasks/own/${source === FALL ? 'fall' : 'handler'}.ts`;
  const message = await messageOf(how);
  expect(message).toMatch(/\)$/);
  expect(message.slice(message.lastIndexOf(' ('))).toBe(` (${file}:${lineOf(source, text)})`);
});

test('what says all there is to say, and what has no stack, stays as it is', async () => {
  expect(await messageOf('foreseen')).toBe('Set it.');
  expect(await messageOf('text')).toBe('only a text');
});

test('the log has the stacks of the error and of its cause, in the files that were bundled', async () => {
  await messageOf('cause');
  const logged = readFileSync(join(aws.dir, 'own.log'), 'utf8')
    .split('\n')
    .flatMap((line) => (line.startsWith('{"level":"ERROR"') ? [JSON.parse(line)] : []))
    .at(-1);
  expect(logged.error).toMatchObject({
    stack: expect.stringContaining(`lambdas/tasks/own/handler.ts:${lineOf(HANDLER, 'cause:')}:`),
    cause: { stack: expect.stringContaining(`lambdas/tasks/own/fall.ts:${lineOf(FALL, 'throw new Error')}:`) },
  });
  expect(logged.error.stack).not.toContain('index.js');
});

test('a map names its sources from the root of the project, wherever it was made', () => {
  const { sources } = JSON.parse(readFileSync(project.path('code/index.js.map'), 'utf8'));
  expect(sources).toContain('lambdas/tasks/own/fall.ts');
});
