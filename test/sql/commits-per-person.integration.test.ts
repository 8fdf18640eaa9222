import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type GithubReports, type Org, openGithubReports } from './github-reports.ts';

let github: GithubReports;
beforeAll(async () => {
  github = await openGithubReports();
});
afterAll(() => github.close());
beforeEach(() => github.reset());

interface Commit {
  readonly sha: string;
  readonly repository?: string;
  readonly account?: readonly [id: number, login: string];
  readonly name?: string;
  readonly parents?: readonly string[];
}

async function commit(
  org: Org,
  { sha, repository = 'r', account, name = 'Ann', parents = ['p'] }: Commit,
): Promise<void> {
  const url = `https://api.github.com/repos/${org}/${repository}/commits/${sha}`;
  const [author_id, author_login] = account ?? [null, null];
  await github.insert(`${org}_commits`, { sha, url, commit_author_name: name, author_id, author_login });
  for (const parent of parents) {
    await github.insert(`${org}_commit_parents`, { commit_url: url, commit_sha: sha, sha: parent });
  }
}
const ann = [5_000_000_001, 'ann'] as const;

const counts = async () => {
  const rows = await github.query(
    'SELECT person, has_account, "count" AS n FROM github_data.commits_per_person ORDER BY logical_date, person',
  );
  return rows.map(({ person, has_account, n }) => [person, has_account, n]);
};

test('a person is a GitHub account, else the author that git names', async () => {
  await commit('astronomerio', { sha: 'a', account: ann, name: 'Ann' });
  await commit('airflow-plugins', { sha: 'b', account: ann, name: 'Ann at work' });
  await commit('astronomerio', { sha: 'c', name: 'Build Bot' });
  await commit('astronomerio', { sha: 'd', name: 'ann' });
  expect(await github.report('commits_per_person')).toEqual({ rows: 3 });
  expect(await counts()).toEqual(
    expect.arrayContaining([
      ['Build Bot', false, 1],
      ['ann', true, 2],
      ['ann', false, 1],
    ]),
  );
});

test('a merge counts once, and so does a commit that several repositories have', async () => {
  await commit('astronomerio', { sha: 'a', account: ann, parents: ['p', 'q'] });
  await commit('astronomerio', { sha: 'a', account: ann, repository: 'fork', parents: ['p', 'q'] });
  await commit('airflow-plugins', { sha: 'a', account: ann, parents: ['p', 'q'] });
  await github.report('commits_per_person');
  expect(await counts()).toEqual([['ann', true, 1]]);
});

test('who is renamed while the lists are fetched stays one person', async () => {
  await commit('astronomerio', { sha: 'a', account: ann });
  await commit('astronomerio', { sha: 'b', account: [ann[0], 'anna'] });
  await github.report('commits_per_person');
  expect(await counts()).toEqual([['anna', true, 2]]);
});

test('each logical date keeps its rows, and a rerun replaces its own', async () => {
  await commit('astronomerio', { sha: 'a', account: ann });
  await github.report('commits_per_person', { logicalDate: '2026-11-18T00:00:00Z' });
  await commit('astronomerio', { sha: 'b', account: ann });
  await github.report('commits_per_person');
  await github.report('commits_per_person', { clearing: 2 });
  expect(await counts()).toEqual([
    ['ann', true, 1],
    ['ann', true, 2],
  ]);
});
