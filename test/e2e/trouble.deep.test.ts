import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { MoodsProject } from '../worlds/moods-project.ts';
import { exported, freePort } from '../worlds/served.ts';

const project = new MoodsProject();
const sluice = project.sluice();
afterAll(() => {
  for (const one of [sluice, project]) one[Symbol.dispose]();
});
beforeEach(() => project.serve('{"id":1,"mood":"calm","marks":[]}'));
const RUN = ['run', 'moods', '--source', project.source];

/** Starts a command, which does not outlive its test. */
function start(...args: string[]) {
  const child = sluice.start(...args);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** The first line of a command that fits. */
async function line(stdout: NodeJS.ReadableStream, fits: RegExp): Promise<void> {
  for await (const told of createInterface({ input: stdout })) if (fits.test(told)) return;
  throw new Error(`No line fits ${fits}`);
}

const newestState = async () => {
  const listed = await sluice.json<{ pipeline: string; newestRun: { state: string } | null }[]>('list');
  return listed.find(({ pipeline }) => pipeline === 'moods')?.newestRun?.state;
};

test('a command that was killed in the middle of a run leaves nothing in the way of the next one', async () => {
  const killed = start(...RUN);
  await line(killed.stdout, /extract/);
  killed.kill('SIGKILL');
  await once(killed, 'close');
  // Opening the embedded AWS again closes the record of what was lost.
  expect(await newestState()).toBe('failed');
  expect(await sluice.json(...RUN)).toMatchObject({ status: 'success' });
});

test('Ctrl-C stops the run and says what became of its tasks; exit status 1', async () => {
  const stopped = sluice.start(...RUN);
  const closed = once(stopped, 'close');
  const warned = text(stopped.stderr);
  let said = '';
  for await (const chunk of stopped.stdout) {
    said += chunk;
    if (/extract/.test(said) && !stopped.killed) stopped.kill('SIGINT');
  }
  expect(await warned).toContain('Stopping the run.');
  expect(said).toMatch(/^Stopped after /m);
  // It may have begun by then.
  expect(said).toMatch(/^Not run: .*load|failed +load/m);
  expect(await closed).toEqual([1, null]);
});

test('a run whose AWS is gone says so in a line; exit status 1', async () => {
  const served = start('local', '--port', `${await freePort()}`);
  await exported(served.stdout);
  const run = start(...RUN);
  const said = text(run.stderr);
  await line(run.stdout, /extract/);
  served.kill('SIGKILL');
  const [code] = await once(run, 'close');
  expect({ code, stderr: await said }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^sluice: A request to AWS failed: Error: connect ECONNREFUSED 127\.0\.0\.1/m),
  });
  expect(await said).not.toMatch(/^ {4}at /m);
});

test('a command waits for the run of another one', async () => {
  const run = start(...RUN);
  const closed = once(run, 'close');
  await line(run.stdout, /extract/);
  expect(await sluice.run('query', 'select 1')).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/Another sluice is at work on/),
  });
  expect(await closed).toEqual([0, null]);
});

test('a task that fails is told with its error, its cause and its log, and what to do; exit status 1', async () => {
  project.serve('{"id":"not a number"}');
  const { code, stdout } = await sluice.run(...RUN);
  expect(code).toBe(1);
  expect(stdout).toMatch(/extract: Sluice\.Terminal: .*quarantine/);
  expect(stdout).toContain(`--source ${project.source}`);
  const log = /log: (\S+)/.exec(stdout)?.[1] ?? '';
  const [history = '', record = '', mail = ''] = ['History', 'Run record', 'Mail'].map(
    (name) => new RegExp(`^${name} +(\\S+)`, 'm').exec(stdout)?.[1],
  );
  const exist = [log, history, record, mail].map((path) => existsSync(resolve(project.root, path)));
  expect(exist).toEqual([true, true, true, true]);
  // The account is none: no console shows it.
  expect(readFileSync(resolve(project.root, mail), 'utf8')).toMatch(/^Execution: arn:aws:states:.*moods/m);
});

test('local reset removes the state, and the next command begins anew', async () => {
  expect(await sluice.run('local', 'reset')).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(sluice.state)).toBe(false);
  expect(await sluice.json('list')).toMatchObject([{ newestRun: null }]);
});
