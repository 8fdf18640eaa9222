import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type GithubReports, openGithubReports } from './github-reports.ts';

let github: GithubReports;
beforeAll(async () => {
  github = await openGithubReports();
});
afterAll(() => github.close());
beforeEach(() => github.reset());

const milestone = {
  id: 8_000_000_001,
  number: 3,
  title: 'v1.0',
  state: 'open',
  due_on: '2026-12-01 08:00:00+00',
  updated_at: '2026-11-01 00:00:00+00',
  html_url: 'https://github.com/o/r/milestone/3',
};
/** An issue in the milestone, with its copy of that. */
async function issue(fields = {}, copy = {}): Promise<void> {
  const of = { ...milestone, ...copy };
  const issue_id = await github.issue('astronomerio', { milestone_id: of.id, ...fields });
  await github.insert('astronomerio_issue_milestones', { issue_id, ...of });
}

const progress = () =>
  github.query(`SELECT milestone_id, title, state, open_issues, closed_issues FROM github_data.milestone_progress
    ORDER BY logical_date, milestone_id`);

test('a milestone is one row, with its issues counted by their state, pull requests aside', async () => {
  await issue();
  await issue();
  await issue({ state: 'closed' });
  await issue({ pull_request_url: 'https://api.github.com/repos/o/r/pulls/4' });
  await github.issue('airflow-plugins');
  expect(await github.report('milestone_progress')).toEqual({ rows: 1 });
  expect(await progress()).toEqual([
    { milestone_id: milestone.id, title: 'v1.0', state: 'open', open_issues: 2, closed_issues: 1 },
  ]);
  const [row] = await github.query(
    'SELECT number, url, CAST(due_on AS varchar) AS due_on, CAST("timestamp" AS varchar) AS at FROM github_data.milestone_progress',
  );
  expect(row).toMatchObject({ number: 3, url: milestone.html_url, at: '2026-11-18 19:00:00' });
  expect(row?.['due_on']).toMatch(/^2026-12-01 08:00:00/);
});

test('of its copies the one that was changed last counts', async () => {
  await issue();
  await issue({}, { title: 'v1.1', state: 'closed', updated_at: '2026-11-10 00:00:00+00' });
  await issue({}, { title: 'v0.9', updated_at: null });
  await github.report('milestone_progress');
  expect(await progress()).toMatchObject([{ title: 'v1.1', state: 'closed', open_issues: 3 }]);
});

test('a milestone of pull requests alone has no issues, and is there', async () => {
  await issue({ pull_request_url: 'https://api.github.com/repos/o/r/pulls/4' });
  await github.report('milestone_progress');
  expect(await progress()).toMatchObject([{ open_issues: 0, closed_issues: 0 }]);
});

test('each logical date keeps its rows, and a rerun replaces its own', async () => {
  await issue();
  await github.report('milestone_progress', { logicalDate: '2026-11-18T00:00:00Z' });
  await issue({ state: 'closed' }, { id: milestone.id });
  await github.report('milestone_progress');
  await github.report('milestone_progress', { clearing: 2 });
  expect(await progress()).toMatchObject([{ closed_issues: 0 }, { closed_issues: 1 }]);
});
