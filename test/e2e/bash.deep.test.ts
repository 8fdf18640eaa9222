import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Project } from '../worlds/project.ts';

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

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('a script ends with the run that is interrupted', async () => {
  script(`echo $$ > ${pidFile}.new; mv ${pidFile}.new ${pidFile}; sleep 300\n`);
  const run = sluice.start('run', 'nap');
  onTestFinished(() => void run.kill('SIGKILL'));
  await expect.poll(() => existsSync(pidFile)).toBe(true);
  const pid = Number(readFileSync(pidFile, 'utf8'));
  expect(isAlive(pid)).toBe(true);
  run.kill('SIGINT');
  await once(run, 'close');
  await expect.poll(() => isAlive(pid)).toBe(false);
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
