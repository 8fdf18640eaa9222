import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Project } from '../worlds/project.ts';

const project = new Project();
const sluice = project.sluice();
afterAll(() => {
  sluice[Symbol.dispose]();
  project[Symbol.dispose]();
});

const DAG = `
import { Dag, text, use } from '#sluice';
import { approval } from '#tasks/approval/task.ts';
import { bash } from '#tasks/bash/task.ts';

const question = (day) => approval({ to: use('email', 'alerts'), subject: 'Publish?', message: text\`Rows of \${day}\` });

export const ask = new Dag('ask', { schedule: '@daily', startDate: '2026-01-01', defaults: { retries: 2 } });
const { output } = ask.task('agree', question(ask.run.logicalDate));
ask.task('publish', bash({ file: 'lib/pipelines/ask/publish.sh', env: { BY: text\`\${output.by}\` } }));

export const impatient = new Dag('impatient', { schedule: '@daily', startDate: '2026-01-01' });
impatient.task('agree', question(impatient.run.logicalDate), { heartbeat: '2s' });
`;

beforeAll(() => {
  project.write('lib/pipelines/ask/dag.ts', DAG);
  // The run goes on until a second answer has come.
  project.write(
    'lib/pipelines/ask/publish.sh',
    `echo "published by $BY"; until [ -e ${project.path('second')} ]; do sleep 0.1; done\n`,
  );
  project.list({ ask: { file: 'ask/dag.ts', dag: 'ask' }, impatient: { file: 'ask/dag.ts', dag: 'impatient' } });
});

interface Ran {
  readonly status: string;
  readonly error?: string;
  readonly tasks: readonly { task: string; state: string; attempt: number; durationMs: number; cause?: string }[];
}

/** A run that has asked its question: the token that answers it, and what becomes of it. */
async function running(pipeline: string, date: string) {
  const child = sluice.start('run', pipeline, '--date', date, '--json');
  onTestFinished(() => void child.kill('SIGKILL'));
  const [closed, stdout] = [new Promise<number>((done) => child.once('close', done)), text(child.stdout)];
  const token = await tokenIn(child);
  const ended = async () => ({ code: await closed, ran: JSON.parse(await stdout) as Ran });
  return { token, ended };
}

async function tokenIn({ stderr }: ChildProcess): Promise<string> {
  if (!stderr) throw new Error('The run has no standard error.');
  const said: string[] = [];
  for await (const line of createInterface({ input: stderr })) {
    const [, token] = /^ {4}npx sluice callback succeed (\S+)$/.exec(line) ?? [];
    if (token !== undefined) return token;
    said.push(line);
  }
  throw new Error(`The run asked nothing. It said:\n${said.join('\n')}`);
}

const answer = (...args: string[]) => sluice.run('callback', ...args);
const mails = () =>
  readdirSync(join(sluice.state, 'mailbox')).map((file) => readFileSync(join(sluice.state, 'mailbox', file), 'utf8'));

test('a run waits for the answer that another terminal gives, and goes on with it', async () => {
  const { token, ended } = await running('ask', '2026-11-17');
  expect(mails()).toEqual([expect.stringContaining(`\nnpx sluice callback succeed ${token} --output '{"by":"…"}'\n`)]);

  expect(await answer('succeed', 'nonsense')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('This is no token of a callback task.'),
  });
  const elsewhere =
    'arn:aws:states:us-east-1:000000000000:execution:Sluice-ask:other 01234567-89ab-cdef-0123-456789abcdef';
  expect(await answer('succeed', Buffer.from(elsewhere).toString('base64'))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('There is no task with this token there.'),
  });
  expect(await answer('heartbeat', token)).toMatchObject({
    code: 0,
    stdout: 'The task goes on waiting for its answer.\n',
  });
  expect(await answer('succeed', token, '--output', '{"by":"Ann"}', '--json')).toMatchObject({
    code: 0,
    stdout: '{"told":"success"}\n',
  });
  expect(await answer('fail', token)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Nobody waits for this token any more'),
  });
  project.write('second', '');

  expect(await ended()).toMatchObject({
    code: 0,
    ran: {
      status: 'success',
      tasks: [
        { task: 'agree', attempt: 1 },
        { task: 'publish', state: 'success' },
      ],
    },
  });
  const log = readFileSync(join(sluice.state, 'logs', 'Sluice-ask-bash.log'), 'utf8');
  expect(log).toContain('published by Ann');
});

test('a refusal fails the task for good, whatever its retries', async () => {
  const { token, ended } = await running('ask', '2026-11-18');
  expect(await answer('fail', token, '--cause', 'Too few rows.')).toMatchObject({
    code: 0,
    stdout: 'The task has its answer: Sluice.Terminal: Too few rows.\n',
  });
  expect(await ended()).toMatchObject({
    code: 1,
    ran: {
      status: 'failed',
      tasks: [{ task: 'agree', state: 'failed', attempt: 1, cause: 'Too few rows.' }],
      notRun: { publish: 'upstream_failed' },
    },
  });
});

test('a refusal that skips the task lets the run go on without it', async () => {
  const { token, ended } = await running('ask', '2026-11-16');
  await answer('fail', token, '--error', 'Sluice.Skipped', '--cause', 'Not today.');
  expect(await ended()).toMatchObject({
    code: 0,
    ran: { status: 'success', tasks: [{ task: 'agree', state: 'skipped' }], notRun: { publish: 'skipped' } },
  });
});

test('a task of which no sign of life comes fails', async () => {
  const { code, stdout } = await sluice.run('run', 'impatient', '--date', '2026-11-17', '--json');
  expect({ code, ran: JSON.parse(stdout) }).toMatchObject({ code: 1, ran: { tasks: [{ state: 'failed' }] } });
});

test('without a run that is at work nobody can be told', async () => {
  expect(await answer('succeed', 'any')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^sluice: No sluice is at work on .*, so nothing runs there\./),
  });
});
