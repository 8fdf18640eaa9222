import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Project } from '../worlds/project.ts';
import { exported, freePort } from '../worlds/served.ts';

const project = new Project();
const sluice = project.sluice();
const pidFile = project.path('pid');
afterAll(() => {
  sluice[Symbol.dispose]();
  project[Symbol.dispose]();
});

const DAG = `
import { Dag } from '#sluice';
import { bash } from '#tasks/bash/task.ts';

export const dag = new Dag('nap', { schedule: '@daily', startDate: '2026-01-01' });
dag.task('nap', bash({ file: 'lib/pipelines/nap/nap.sh' }));
`;

const script = (text: string) => project.write('lib/pipelines/nap/nap.sh', text);

beforeAll(() => {
  project.write('lib/pipelines/nap/dag.ts', DAG);
  project.list({ nap: { file: 'nap/dag.ts', dag: 'dag' } });
});

/** Of an object of the lake. */
function fileOf(key: string): string {
  const s3 = join(sluice.state, 's3');
  const bucket = readdirSync(s3).find((name) => existsSync(join(s3, name, key)));
  return join(s3, bucket ?? '', key);
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Starts a command, and a script of five minutes by it. @returns the script's process too */
async function startNap(...args: string[]) {
  rmSync(pidFile, { force: true });
  script(`echo $$ > ${pidFile}.new; mv ${pidFile}.new ${pidFile}; sleep 300; touch ${pidFile}.slept\n`);
  const command = sluice.start(...args);
  onTestFinished(() => void command.kill('SIGKILL'));
  return { command, napping: () => expect.poll(() => existsSync(pidFile)).toBe(true) };
}
const napOf = () => Number(readFileSync(pidFile, 'utf8'));

test.each(['once', 'twice'])('a script ends with the run that is interrupted %s, at once', async (times) => {
  const { command: run, napping } = await startNap('run', 'nap');
  await napping();
  const pid = napOf();
  expect(isAlive(pid)).toBe(true);
  const told = text(run.stdout);
  run.kill('SIGINT');
  if (times === 'twice') {
    await once(run.stderr, 'data');
    run.kill('SIGINT');
  }
  const [code, signal] = await once(run, 'close');
  await expect.poll(() => isAlive(pid)).toBe(false);
  // Nobody waited until it had slept for five minutes.
  expect(existsSync(`${pidFile}.slept`)).toBe(false);
  expect([code, signal]).toEqual(times === 'once' ? [1, null] : [null, 'SIGINT']);
  if (times === 'once') expect(await told).toMatch(/^Stopped after /m);
});

test('Ctrl-C of a sluice local ends its runs, whose records are closed', async () => {
  const { command: local, napping } = await startNap('local', '--port', `${await freePort()}`);
  const told = text(local.stderr);
  await exported(local.stdout);
  const run = sluice.start('run', 'nap', '--date', '2026-11-20');
  onTestFinished(() => void run.kill('SIGKILL'));
  await napping();
  const pid = napOf();
  local.kill('SIGINT');
  await once(local, 'close');
  expect(await told).toContain('Stopping the runs of nap.');
  await expect.poll(() => isAlive(pid)).toBe(false);
  const record = fileOf('runs/nap/20261120T000000Z/run.json');
  expect(JSON.parse(readFileSync(record, 'utf8'))).toMatchObject({
    state: 'failed',
    tasks: { nap: 'failed' },
    cause: 'The embedded AWS was ended while this execution was running.',
  });
});

test('a script that was changed is the one that runs', async () => {
  script('echo first >&2; exit 1\n');
  expect(await sluice.json('run', 'nap')).toMatchObject({
    status: 'failed',
    tasks: [{ cause: expect.stringMatching(/first$/) }],
  });
  script('echo second >&2; exit 1\n');
  expect(await sluice.json('run', 'nap')).toMatchObject({
    status: 'failed',
    tasks: [{ cause: expect.stringMatching(/second$/) }],
  });
});
