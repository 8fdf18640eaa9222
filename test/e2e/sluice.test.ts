import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOfGitHub } from '../worlds/rows-of-github.ts';
import { Sluice } from '../worlds/sluice.ts';

interface Run {
  readonly status: string;
  readonly execution: string;
  readonly tasks: readonly { task: string; state: string; attempt: number; rows?: number; items?: number }[];
  readonly result?: { columns: string[]; rows: unknown[][] };
  readonly error?: string;
  readonly cause?: string;
}

const sluice = new Sluice();
afterAll(() => sluice[Symbol.dispose]());

let first: Run;
beforeAll(async () => {
  first = await sluice.json<Run>('run', 'github-to-redshift', '--date', '2026-11-18');
});

test('a run tells each task with its state, attempts and rows, and shows what it came to', () => {
  expect(first.status).toBe('success');
  expect(first.tasks.map(({ state }) => state)).toEqual(Array(18).fill('success'));
  const load = first.tasks.find(({ task }) => task === 'load_astronomerio_issues');
  expect(load).toMatchObject({ attempt: 1, rows: 489 });
  const extract = first.tasks.find(({ task }) => task === 'extract_astronomerio_by_repository');
  expect(extract).toMatchObject({ attempt: 1, items: 8, rows: 978 });
  expect(first.result?.columns).toEqual(['login', 'count', 'timestamp']);
  expect(first.result?.rows[0]).toEqual(['(unassigned)', 145, '2026-11-17 19:00:00']);
});

test('a date older than the newest run ends in NoSnapshot with exit status 1, before any table is touched', async () => {
  const before = await rowsOfGitHub(sluice.state);
  const { code, stdout } = await sluice.run('run', 'github-to-redshift', '--date', '2026-11-17');
  expect(code).toBe(1);
  expect(stdout).toMatch(/Sluice\.NoSnapshot: .*No table was touched/);
  expect(await rowsOfGitHub(sluice.state)).toEqual(before);
});

test('list shows the newest run', async () => {
  expect(await sluice.json('list')).toContainEqual({
    pipeline: 'github-to-redshift',
    schedule: '0 0 * * *',
    timeZone: 'UTC',
    paused: false,
    newestRun: { logicalDate: '2026-11-18T00:00:00Z', state: 'success' },
  });
});

test('query prints a table for people and all rows as JSON', async () => {
  const { stdout } = await sluice.run('query', `select 1 as one, 'a' as "two"`);
  expect(stdout).toBe('one  two\n---  ---\n  1  a\n');
  expect(await sluice.json('query', 'select 1 as one, null as none, true as yes')).toEqual({
    columns: ['one', 'none', 'yes'],
    rows: [[1, null, true]],
  });
});

test.each([
  [['query', 'selct 1'], /SELCT/],
  [['query', 'select * from github_data.nothing'], /nothing.*does not exist/],
  [['nothing'], /unknown command 'nothing'/],
  [['connection', 'set', 'nothing', '{}'], /no connection 'nothing' in Sluice\. It has: .*astronomerio-github/],
])('%j is one clear line, exit status 2', async (args, message) => {
  const { code, stdout, stderr } = await sluice.run(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('a connection is set by its name, and listed without its value', async () => {
  const secret = 'Sluice/connections/astronomerio-github';
  const listed = async () => {
    const all = await sluice.json<{ secret: string }[]>('connection', 'list');
    return all.find((one) => one.secret === secret);
  };
  expect(await listed()).toEqual({ connection: 'astronomerio-github', secret, set: false });
  expect((await sluice.run('connection', 'set', 'astronomerio-github', '{"token":"x"}')).code).toBe(0);
  expect(await listed()).toEqual({ connection: 'astronomerio-github', secret, set: true });
});

test('a port that is taken is one clear line', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { code, stderr } = await sluice.run('local', '--port', String(port));
  server.close();
  expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 2, lines: 1 });
  expect(stderr).toContain(String(port));
});
