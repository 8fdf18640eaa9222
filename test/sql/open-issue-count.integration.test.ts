/** sql/github-to-redshift/open_issue_count.sql against the defects of the report that it replaces. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Run } from '#lib/contract/envelope.ts';
import { literal } from '#lib/sql/quoting.ts';
import { type GithubReports, type Org, openGithubReports } from './github-reports.ts';

let github: GithubReports;
beforeAll(async () => {
  github = await openGithubReports();
});
afterAll(() => github.close());
beforeEach(() => github.reset());

interface Issue {
  readonly state?: 'open' | 'closed';
  /** Set for a pull request. */
  readonly pull?: string;
  readonly assignees?: readonly [id: number, login: string][];
}

/** An issue of an organisation, as its load leaves it. */
async function issue(org: Org, { state = 'open', pull, assignees = [] }: Issue = {}): Promise<void> {
  const fields = { state, pull_request_url: pull ?? null, assignee_id: assignees[0]?.[0] ?? null };
  const issue_id = await github.issue(org, fields);
  for (const [id, login] of assignees) await github.insert(`${org}_issue_assignees`, { issue_id, id, login });
}

const ann: [number, string] = [5_000_000_001, 'ann'];
const bo: [number, string] = [5_000_000_002, 'bo'];

/** Runs the task for a logical date. */
const transform = (logicalDate?: string, clearing?: number, more?: Partial<Run>) =>
  github.report('open_issue_count', { logicalDate, clearing, ...more });

const counts = async () => {
  const rows = await github.query('SELECT login, "count" AS n FROM github_data.open_issue_count ORDER BY login');
  return Object.fromEntries(rows.map(({ login, n }) => [login, n]));
};
const times = () =>
  github.query(`SELECT DISTINCT CAST("timestamp" AS varchar) AS local, CAST(logical_date AS varchar) AS utc
    FROM github_data.open_issue_count ORDER BY utc`);

test('a) equal counts of two organisations add up', async () => {
  await issue('astronomerio', { assignees: [ann] });
  await issue('airflow-plugins', { assignees: [ann] });
  await transform();
  expect(await counts()).toEqual({ ann: 2 });
});

test.each([
  ['2026-11-19T00:00:00Z', '2026-11-18 19:00:00'],
  ['2026-07-19T00:00:00Z', '2026-07-18 20:00:00'],
])('b) the time of %s is %s in New York: its daylight saving is kept', async (logicalDate, local) => {
  await issue('astronomerio');
  await transform(logicalDate);
  expect(await times()).toEqual([{ local, utc: logicalDate.replace('T', ' ').replace('Z', '') }]);
});

test('c) pull requests and closed issues are not counted', async () => {
  await issue('astronomerio', { assignees: [ann] });
  await issue('astronomerio', { assignees: [ann], pull: 'https://api.github.com/repos/a/b/pulls/1' });
  await issue('astronomerio', { assignees: [ann], state: 'closed' });
  await transform();
  expect(await counts()).toEqual({ ann: 1 });
});

test('d) ids beyond 32 bits find their issues', async () => {
  await issue('airflow-plugins', { assignees: [[5_000_000_003, 'big']] });
  await transform();
  expect(await counts()).toEqual({ big: 1 });
});

test('e) an issue counts once under each assignee, members or not; without one it is unassigned', async () => {
  await github.sql(`INSERT INTO github_data.astronomerio_members (id, login) VALUES (${ann[0]}, 'ann')`);
  await issue('astronomerio', { assignees: [ann, bo] });
  await issue('astronomerio', { assignees: [bo] });
  await issue('astronomerio');
  await issue('airflow-plugins');
  expect(await transform()).toEqual({ rows: 3 });
  expect(await counts()).toEqual({ '(unassigned)': 2, ann: 1, bo: 2 });
});

test('e) who is renamed while the lists are fetched stays one person', async () => {
  await issue('astronomerio', { assignees: [ann] });
  await issue('airflow-plugins', { assignees: [[ann[0], 'anna']] });
  await transform();
  expect(await counts()).toEqual({ anna: 2 });
});

test('f) each logical date keeps its rows, and a rerun replaces its own', async () => {
  await issue('astronomerio', { assignees: [ann] });
  await transform('2026-11-18T00:00:00Z');
  await issue('astronomerio', { assignees: [ann] });
  await transform('2026-11-19T00:00:00Z');
  await transform('2026-11-19T00:00:00Z', 2);
  expect(
    await github.query('SELECT login, "count" AS n FROM github_data.open_issue_count ORDER BY logical_date'),
  ).toEqual([
    { login: 'ann', n: 1 },
    { login: 'ann', n: 2 },
  ]);
});

test('f) a transform that fails leaves the rows that readers see', async () => {
  await issue('astronomerio', { assignees: [ann] });
  await transform();
  await github.sql('DROP TABLE github_data."airflow-plugins_issues"');
  await expect(transform('2026-11-19T00:00:00Z', 2)).rejects.toMatchObject({ name: 'Sluice.Terminal' });
  expect(await counts()).toEqual({ ann: 1 });
});

/** What the guard reads of the record of a load. */
const recordLoad = (table: string, logicalDate: string, mode: string) =>
  github.sql(`INSERT INTO sluice.loads VALUES (${[table, logicalDate, mode].map(literal).join(', ')})`);

test('a date that is older than what a table holds is not counted from it: its rows stay as they were', async () => {
  await issue('astronomerio', { assignees: [ann] });
  await transform();
  await issue('astronomerio', { assignees: [ann] });
  await github.sql(
    'DROP TABLE sluice.loads',
    'CREATE TABLE sluice.loads (table_name varchar(256), logical_date timestamp, mode varchar(16))',
  );
  try {
    await recordLoad('github_data.astronomerio_issues', '2026-11-20 00:00:00', 'append');
    await transform('2026-11-19T00:00:00Z', 2);
    expect(await counts()).toEqual({ ann: 2 });

    await issue('astronomerio', { assignees: [ann] });
    await recordLoad('github_data.airflow-plugins_issue_assignees', '2026-11-20 00:00:00', 'rebuild');
    await expect(transform('2026-11-19T00:00:00Z', 3)).rejects.toMatchObject({
      name: 'Sluice.NoSnapshot',
      message:
        `Running sql/github-to-redshift/open_issue_count.sql for 2026-11-19T00:00:00Z: "github_data"."airflow-plugins_issue_assignees", which it reads, ` +
        'holds a newer logical date. Nothing was run.',
    });
    const fromRaw = { fromRaw: true } as const;
    expect(await transform('2026-11-19T00:00:00Z', 4, fromRaw)).toEqual({ rows: 0, superseded: true });
    expect(await counts()).toEqual({ ann: 2 });
    await transform('2026-11-20T00:00:00Z');
  } finally {
    await github.sql('DROP TABLE sluice.loads');
  }
});
