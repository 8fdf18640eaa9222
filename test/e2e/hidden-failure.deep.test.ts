import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Project } from '../worlds/project.ts';

const project = new Project();
const sluice = project.sluice();
afterAll(() => {
  sluice[Symbol.dispose]();
  project[Symbol.dispose]();
});

beforeAll(() => {
  project.write(
    'lib/pipelines/noticed/dag.ts',
    `
import { Dag, use } from '#sluice';
import { bash } from '#tasks/bash/task.ts';
import { email } from '#tasks/email/task.ts';

export const dag = new Dag('noticed', { schedule: '@daily', startDate: '2026-01-01' });
const load = dag.task('load', bash({ file: 'lib/pipelines/noticed/load.sh' }));
const news = { to: use('email', 'alerts'), subject: 'It failed', message: 'Have a look.' };
dag.task('tell', email(news), { triggerRule: 'one_failed' }).after(load);
`,
  );
  project.write('lib/pipelines/noticed/load.sh', 'echo "disk full" >&2; exit 1\n');
  project.list({ noticed: { file: 'noticed/dag.ts', dag: 'dag' } });
});

const RUN = ['run', 'noticed', '--date', '2026-11-18'];

test('a run that succeeds although a task failed says so wherever its end is told', async () => {
  const { code, stdout } = await sluice.run(...RUN);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Succeeded in .*, although load failed\.$/m);
  expect(await sluice.json('list')).toMatchObject([{ newestRun: { state: 'success', failedTasks: ['load'] } }]);
  expect((await sluice.run('list')).stdout).toMatch(/success, although load failed/);
  const mails = readdirSync(join(sluice.state, 'mailbox')).map((name) =>
    readFileSync(join(sluice.state, 'mailbox', name), 'utf8'),
  );
  expect(mails).toContainEqual(expect.stringContaining('It failed'));
  expect(mails).toContainEqual(
    expect.stringMatching(/succeeded, although load failed.*- load, attempt 1: .*disk full/s),
  );
});

test('with --strict its exit status is 1, and its status is what it was', async () => {
  const { code, stdout } = await sluice.run(...RUN, '--strict', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ status: 'success', failedTasks: ['load'] });
  expect(code).toBe(1);
});

test('with --strict a run of which nothing failed has exit status 0', async () => {
  project.write('lib/pipelines/noticed/load.sh', 'exit 0\n');
  const { code, stdout } = await sluice.run(...RUN, '--strict');
  expect(stdout).toMatch(/^Succeeded in [^,]*\.$/m);
  expect(code).toBe(0);
});
