import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type GithubReports, type Org, openGithubReports } from './github-reports.ts';

let github: GithubReports;
beforeAll(async () => {
  github = await openGithubReports();
});
afterAll(() => github.close());
beforeEach(() => github.reset());

/** An issue with labels. */
async function issue(org: Org, labels: readonly string[], fields = {}): Promise<void> {
  const issue_id = await github.issue(org, fields);
  for (const name of labels) await github.insert(`${org}_issue_labels`, { issue_id, name });
}

const counts = async () => {
  const rows = await github.query('SELECT label, "count" AS n FROM github_data.open_issues_by_label ORDER BY 1, 2');
  return rows.map(({ label, n }) => [label, n]);
};

test('an issue counts once under each of its labels, of all organisations and repositories', async () => {
  await issue('astronomerio', ['bug', 'good first issue']);
  await issue('astronomerio', ['bug', 'bug']);
  await issue('airflow-plugins', ['bug']);
  await github.report('open_issues_by_label');
  expect(await counts()).toEqual([
    ['bug', 3],
    ['good first issue', 1],
  ]);
});

test('issues without a label stand under (none)', async () => {
  await issue('astronomerio', []);
  await issue('airflow-plugins', []);
  await issue('airflow-plugins', ['日本語']);
  expect(await github.report('open_issues_by_label')).toEqual({ rows: 2 });
  expect(await counts()).toEqual([
    ['(none)', 2],
    ['日本語', 1],
  ]);
});

test('pull requests and closed issues are not counted', async () => {
  await issue('astronomerio', ['bug'], { pull_request_url: 'https://api.github.com/repos/a/b/pulls/1' });
  await issue('astronomerio', ['bug'], { state: 'closed' });
  await issue('astronomerio', [], { state: 'closed' });
  expect(await github.report('open_issues_by_label')).toEqual({ rows: 0 });
});

test('each logical date keeps its rows, and a rerun replaces its own', async () => {
  await issue('astronomerio', ['bug']);
  await github.report('open_issues_by_label', { logicalDate: '2026-11-18T00:00:00Z' });
  await issue('astronomerio', ['bug']);
  await github.report('open_issues_by_label');
  await github.report('open_issues_by_label', { clearing: 2 });
  const dates = await github.query(
    'SELECT "count" AS n, CAST("timestamp" AS varchar) AS at FROM github_data.open_issues_by_label ORDER BY 2',
  );
  expect(dates).toEqual([
    { n: 1, at: '2026-11-17 19:00:00' },
    { n: 2, at: '2026-11-18 19:00:00' },
  ]);
});
