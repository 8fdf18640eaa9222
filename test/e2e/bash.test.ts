import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { copyOfProject } from '../worlds/project.ts';
import { Sluice } from '../worlds/sluice.ts';

const copy = copyOfProject();
const sluice = new Sluice(copy);
const folder = join(copy, 'lib/pipelines/nap');
const pidFile = join(copy, 'pid');
afterAll(() => {
  sluice[Symbol.dispose]();
  rmSync(copy, { recursive: true });
});

const DAG = `
import { Dag } from '#sluice';
import { bash } from '#tasks/bash/task.ts';

export const dag = new Dag('nap', { schedule: '@daily', startDate: '2026-01-01' });
dag.task('nap', bash({ file: 'lib/pipelines/nap/nap.sh' }));
`;

const script = (text: string) => writeFileSync(join(folder, 'nap.sh'), text);

beforeAll(() => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'dag.ts'), DAG);
  const index = join(copy, 'lib/pipelines/index.ts');
  const text = readFileSync(index, 'utf8').replace(
    /(export const pipelines.*\n)/,
    "$1  nap: () => import('./nap/dag.ts'),\n",
  );
  writeFileSync(index, text);
});

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Waits for what comes soon, for a minute and a half at the most: the app is synthesized first. */
async function until(holds: () => boolean): Promise<boolean> {
  for (const end = Date.now() + 90_000; Date.now() < end && !holds(); ) await sleep(100);
  return holds();
}

test('a script ends with the run that is interrupted', async () => {
  script(`echo $$ > ${pidFile}.new; mv ${pidFile}.new ${pidFile}; sleep 300\n`);
  const run = sluice.start('run', 'nap');
  onTestFinished(() => void run.kill('SIGKILL'));
  expect(await until(() => existsSync(pidFile))).toBe(true);
  const pid = Number(readFileSync(pidFile, 'utf8'));
  expect(isAlive(pid)).toBe(true);
  run.kill('SIGINT');
  await once(run, 'close');
  expect(await until(() => !isAlive(pid))).toBe(true);
}, 120_000);

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
}, 120_000);
