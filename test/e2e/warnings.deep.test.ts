/** A repository that is blocked from one day to the next, through the command line. */
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Github, openGithub } from '../worlds/github.ts';
import { Project } from '../worlds/project.ts';
import { exported, freePort } from '../worlds/served.ts';

const PIPELINE = `
import { Dag, raw, table, use } from '#sluice';
import { githubRepositories } from '#tasks/github-repositories/task.ts';
import { githubRepositoryToS3 } from '#tasks/github-repository-to-s3/task.ts';
import { s3ToWarehouse } from '#tasks/s3-to-warehouse/task.ts';

const connection = use('github', 'hub');
export const dag = new Dag('hub', { schedule: '@daily', startDate: '2026-01-01' });
const list = dag.task('list', githubRepositories({ connection, org: 'o' }));
const from = dag.map('extract', list.output.names, (repository) =>
  githubRepositoryToS3({ connection, org: 'o', repository, to: { issues: raw('issues', { table: 'g.issues' }) } }),
  { maxItems: 10 },
).output;
dag.task('load', s3ToWarehouse({ connection: use('redshift', 'warehouse'), from, table: table('g.issues'), mode: 'rebuild' }));
`;
const TOLERANT = `
import * as z from 'zod';
import { Dag } from '#sluice';
import { bash } from '#tasks/bash/task.ts';

const params = z.object({ names: z.array(z.string()).default(['a', 'b', 'c']) });
export const dag = new Dag('tolerant', { schedule: '@daily', startDate: '2026-01-01', params });
dag.map('each', dag.params.names, (name) => bash({ file: 'lib/pipelines/each.sh', env: { NAME: name } }), {
  maxItems: 10,
  toleratedFailureCount: 1,
});
`;

const TABLE = { name: 'g.issues', columns: [{ name: 'id', type: 'int8' }], primaryKey: ['id'] };

const project = new Project();
const sluice = project.sluice();
let api: Github;
let local: ReturnType<typeof sluice.start>;
let isBlocked = false;
beforeAll(async () => {
  api = await openGithub(({ path }) => {
    if (path.includes('/orgs/')) return { body: '[{"name":"core"},{"name":"docs"}]' };
    if (path.includes('/docs/')) return { body: isBlocked ? '[{"id":3}]' : '[{"id":2}]' };
    return isBlocked ? { status: 451, body: '{"message":"Repository access blocked"}' } : { body: '[{"id":1}]' };
  });
  project.write('lib/pipelines/hub.ts', PIPELINE);
  project.write('lib/pipelines/tolerant.ts', TOLERANT);
  project.write('lib/pipelines/each.sh', 'if [ "$NAME" = b ]; then echo "no $NAME today" >&2; exit 1; fi\n');
  project.list({ hub: { file: 'hub.ts', dag: 'dag', tables: [TABLE] }, tolerant: { file: 'tolerant.ts', dag: 'dag' } });
  // Without it, each command would read a stand-in of its own.
  local = sluice.start('local', '--port', String(await freePort()));
  await exported(local.stdout);
}, 120_000);
afterAll(async () => {
  local.kill('SIGTERM');
  await once(local, 'exit');
  await api.close();
  sluice[Symbol.dispose]();
  project[Symbol.dispose]();
});

test('its rows stay in a table that is rebuilt, and the run succeeds with a warning, on the terminal, in JSON and in the list', async () => {
  const set = await sluice.run('connection', 'set', 'hub', JSON.stringify({ token: 't', baseUrl: api.url }));
  expect(set).toMatchObject({ code: 0 });
  const first = await sluice.json<object>('run', 'hub', '--date', '2026-11-18');
  expect(first).toMatchObject({ status: 'success' });
  expect(first).not.toHaveProperty('warnings');

  isBlocked = true;
  const warning = { task: 'extract', dataset: 'issues', of: 'core', status: 451 };
  const second = await sluice.json('run', 'hub', '--date', '2026-11-19');
  expect(second).toMatchObject({ status: 'success', warnings: [warning] });
  expect(await sluice.column('SELECT id FROM g.issues ORDER BY id')).toEqual([1, 3]);
  const [listed] = await sluice.json<object[]>('list');
  expect(listed).toMatchObject({ newestRun: { state: 'success', warnings: 1 } });
  expect((await sluice.run('list')).stdout).toContain('success, 1 warning');

  const { code, stdout } = await sluice.run('run', 'hub', '--date', '2026-11-20');
  expect(code).toBe(0);
  expect(stdout).toMatch(/Succeeded with warnings in .*extract: 'core' of issues is skipped: .* 451 /s);
  expect(await sluice.column('SELECT id FROM g.issues ORDER BY id')).toEqual([1, 3]);
}, 240_000);

test('an item that fails and is tolerated is a warning with its reason, on the terminal, in JSON and in the list', async () => {
  const run = await sluice.json('run', 'tolerant', '--date', '2026-11-19');
  const warning = { task: 'each', index: 1, error: expect.any(String), cause: expect.stringContaining('no b today') };
  expect(run).toMatchObject({ status: 'success', warnings: [warning] });
  const { stdout, code } = await sluice.run('run', 'tolerant', '--date', '2026-11-20');
  expect(code).toBe(0);
  expect(stdout).toMatch(/✓ success +each .* 3 items {2}1 failed\n/);
  expect(stdout).toMatch(/Succeeded with warnings in .*\n {2}each: item 1 failed, which is tolerated: .*no b today/s);
  expect(await sluice.json<object[]>('list')).toContainEqual(
    expect.objectContaining({ pipeline: 'tolerant', newestRun: expect.objectContaining({ warnings: 1 }) }),
  );
}, 240_000);
