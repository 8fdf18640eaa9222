/** Dates that are run again from their raw: because a newer date has run, and because --from-raw says so. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Sluice } from '../worlds/sluice.ts';

interface Run {
  readonly status: string;
  readonly fromRaw?: true;
  readonly tasks: readonly { task: string; state: string; rows?: number; superseded?: true; reused?: true }[];
  readonly result?: { rows: unknown[][] };
}

const sluice = new Sluice();
const source = mkdtempSync(join(tmpdir(), 'sluice-source-'));
afterAll(() => {
  sluice[Symbol.dispose]();
  rmSync(source, { recursive: true });
});

const TIME = '2026-11-18T12:00:00Z';
const issue = (id: number) =>
  JSON.stringify({ id, number: id, title: `t${id}`, state: 'open', created_at: TIME, updated_at: TIME, assignees: [] });

/** What GitHub has from now on: so many open issues in one repository. */
function nowOpen(issues: number): void {
  const repository = join(source, 'astronomerio', 'a');
  mkdirSync(repository, { recursive: true });
  const lines = Array.from({ length: issues }, (_, at) => `${issue(at + 1)}\n`);
  writeFileSync(join(repository, 'issues.ndjson'), lines.join(''));
}

const run = (date: string, ...more: string[]) => sluice.json<Run>('run', 'github-to-redshift', '--date', date, ...more);
const fromSource = (date: string) => run(date, '--source', source);
const rowsOf = async (sql: string) => (await sluice.json<{ rows: unknown[][] }>('query', sql)).rows;
const tables = async () => ({
  issues: await rowsOf('select id, title from github_data.astronomerio_issues order by id'),
  counts: await rowsOf('select logical_date, login, "count" from github_data.open_issue_count order by 1, 2'),
});

beforeAll(async () => {
  nowOpen(2);
  await fromSource('2026-11-18');
  nowOpen(3);
  await fromSource('2026-11-19');
});

test('--from-raw builds the tables again from the raw of the date, whatever its source says by now', async () => {
  const before = await tables();
  nowOpen(9);
  const again = await run('2026-11-19', '--from-raw');
  expect(again).toMatchObject({ status: 'success', fromRaw: true });
  expect(again.tasks.map(({ state, superseded }) => [state, superseded])).toEqual(
    again.tasks.map(() => ['success', undefined]),
  );
  expect(await tables()).toEqual(before);
  expect(before.issues).toHaveLength(3);
  expect(before.counts.map(([, , count]) => count)).toEqual([2, 3]);
});

test('the 18th, the 19th, then the 18th again: it goes from its raw, and no table changes', async () => {
  const before = await tables();
  const again = await fromSource('2026-11-18');
  expect(again).toMatchObject({ status: 'success', fromRaw: true });
  const superseded = again.tasks.filter((task) => task.superseded).map(({ task }) => task);
  expect(superseded.toSorted()).toEqual(
    again.tasks
      .map(({ task }) => task)
      .filter((task) => !/^(list|watermark|extract)_/.test(task))
      .sort(),
  );
  expect(again.tasks.find(({ task }) => task === 'extract_astronomerio_by_repository')).toMatchObject({ rows: 2 });
  expect(again.result?.rows).toEqual([['(unassigned)', 2, '2026-11-17 19:00:00']]);
  expect(await tables()).toEqual(before);
});

test('a load of the 18th that is rerun alone is superseded: it changes nothing, and its extract is not asked again', async () => {
  const before = await tables();
  const load = 'load_astronomerio_issues';
  const again = await sluice.json<Run>('rerun', 'github-to-redshift', '2026-11-18', '--task', load, '--only');
  expect(again).toMatchObject({ status: 'success', fromRaw: true });
  expect(again.tasks.filter(({ reused }) => !reused)).toMatchObject([{ task: load, superseded: true }]);
  expect(await tables()).toEqual(before);
});

test('a date without raw says that there is no snapshot, from its source and from raw, and changes nothing', async () => {
  const before = await tables();
  for (const [date, ...how] of [
    ['2026-11-17', '--source', source],
    ['2026-11-17', '--from-raw'],
    ['2026-11-16', '--from-raw'],
  ]) {
    const { code, stdout } = await sluice.run('run', 'github-to-redshift', '--date', date ?? '', ...how);
    expect(code).toBe(1);
    expect(stdout).toMatch(/Sluice\.NoSnapshot: github-to-redshift has no snapshot of 2026-11-1[67]T00:00:00Z/);
  }
  expect(await tables()).toEqual(before);
});

test('a person is told that no source was asked, and what a newer date has superseded', async () => {
  const { code, stdout } = await sluice.run('run', 'github-to-redshift', '--date', '2026-11-18');
  expect(code).toBe(0);
  expect(stdout).toMatch(/open_issue_count.*a newer date is loaded: nothing changed/);
  expect(stdout).toMatch(/It went from the raw files of that date: no source was asked\./);
});
