/** The lists beside issues and members. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Item, openGitHub } from '../../../worlds/local/github-client.ts';

const CORE = '/repos/astronomerio/core';
const LISTS = ['issues', 'pulls', 'issues/comments', 'comments', 'commits'] as const;

let opened: Awaited<ReturnType<typeof openGitHub>>;
const lists: Record<string, Item[]> = {};
beforeAll(async () => {
  opened = await openGitHub();
  for (const list of LISTS) lists[list] = await opened.all(`${CORE}/${list}?state=all&per_page=100`);
});
afterAll(() => opened.github.close());

const of = (list: (typeof LISTS)[number]): Item[] => lists[list] ?? [];

test.each(LISTS)(
  '%s: the same for the same seed, others for another, in pages whose links lead on by id',
  async (list) => {
    const [same, other] = await Promise.all([openGitHub(), openGitHub({ seed: 2 })]);
    const path = `${CORE}/${list}?state=all&per_page=10`;
    const [first, second] = await same.pages(path);
    expect(first?.text).toBe((await opened.pages(path))[0]?.text);
    expect(first?.text).not.toBe((await other.pages(path))[0]?.text);
    expect(second?.url).toMatch(new RegExp(`/repositories/\\d+/${list}\\?state=all&per_page=10&after=`));
    await Promise.all([same.github.close(), other.github.close()]);
  },
);

test('pull requests are those among the issues, by number, with ids of their own', async () => {
  const numbers = of('issues').flatMap((issue) => ('pull_request' in issue ? [issue['number']] : []));
  expect(of('pulls').map(({ number }) => number)).toEqual(numbers);
  const ids = new Set(of('issues').map(({ id }) => id));
  expect(of('pulls').filter(({ id }) => ids.has(id))).toEqual([]);
  const open = await opened.all(`${CORE}/pulls?per_page=100`);
  expect(new Set(open.map(({ state }) => state))).toEqual(new Set(['open']));
  expect(open.length).toBeLessThan(of('pulls').length);
});

test('an issue has as many comments as it says; since takes those that changed later', async () => {
  const counts = new Map<unknown, number>();
  for (const { issue_url } of of('issues/comments')) counts.set(issue_url, (counts.get(issue_url) ?? 0) + 1);
  const said = of('issues').filter(({ comments }) => comments !== 0);
  expect(new Map(said.map(({ url, comments }) => [url, comments]))).toEqual(counts);
  const since = of('issues/comments')[50]?.['updated_at'] as string;
  const later = await opened.all(`${CORE}/issues/comments?since=${since}&per_page=100`);
  const expected = of('issues/comments').filter(({ updated_at }) => (updated_at as string) >= since);
  expect(later).toEqual(expected);
});

test('commits come newest first; some are merges, the first has no parent, some authors have no account', async () => {
  const commits = of('commits');
  const dates = commits.map(({ commit }) => (commit as { committer: { date: string } }).committer.date);
  expect(dates).toEqual(dates.toSorted().reverse());
  const parents = commits.map((commit) => (commit['parents'] as Item[]).length);
  expect(new Set(parents)).toEqual(new Set([0, 1, 2]));
  expect(parents.at(-1)).toBe(0);
  const known = new Set(commits.map(({ sha }) => sha));
  expect(commits.flatMap(({ parents: of }) => of as Item[]).every(({ sha }) => known.has(sha))).toBe(true);
  expect(commits.filter(({ author }) => author === null).length).toBeGreaterThan(5);
  const until = dates[10] ?? '';
  expect(await opened.all(`${CORE}/commits?until=${until}&per_page=100`)).toEqual(commits.slice(10));
});

test('comments on commits are on a line or on the whole', () => {
  const known = new Set(of('commits').map(({ sha }) => sha));
  expect(of('comments').every(({ commit_id }) => known.has(commit_id))).toBe(true);
  expect(new Set(of('comments').map(({ path }) => path === null))).toEqual(new Set([true, false]));
});

test("milestones are the repository's own, done or due", () => {
  const milestones = of('issues').flatMap(({ milestone }) => (milestone ? [milestone as Item] : []));
  const byId = new Map(milestones.map((milestone) => [milestone['id'], milestone]));
  expect([...byId.values()].map(({ number }) => number).sort()).toEqual([1, 2, 3, 4]);
  expect(milestones.every((milestone) => JSON.stringify(milestone) === JSON.stringify(byId.get(milestone['id'])))).toBe(
    true,
  );
});

test('ids are unique and safe', () => {
  for (const list of ['pulls', 'issues/comments', 'comments'] as const) {
    const ids = of(list).map(({ id }) => id as number);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => Number.isSafeInteger(id) && id > 0)).toBe(true);
  }
});

test('the commits of an empty repository are a conflict', async () => {
  const answer = await opened.get('/repos/astronomerio/sandbox/commits');
  expect([answer.status, await answer.json()]).toMatchObject([409, { message: 'Git Repository is empty.' }]);
});

test('the organisations of whoever asks are listed', async () => {
  expect(await opened.all('/user/orgs')).toMatchObject([{ login: 'astronomerio' }, { login: 'airflow-plugins' }]);
  expect((await opened.get('/user/organizations')).status).toBe(404);
});

test('a folder serves each kind of object from the file of its name', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-source-'));
  const lay = (path: string, line: string) => {
    mkdirSync(join(dir, path, '..'), { recursive: true });
    writeFileSync(join(dir, path), `${line}\n`);
  };
  const files = ['issues', 'pull_requests', 'issue_comments', 'commit_comments', 'commits'];
  for (const file of files) lay(`acme/one/${file}.ndjson`, `{"state":"open","is": "${file}"}`);
  lay('acme/repositories.ndjson', '{"id":7, "name":"one"}\n{"id":8,"name":"two"}');
  lay('organizations.ndjson', '{"login":"acme"}');
  const served = await openGitHub({ source: dir });
  const texts = await Promise.all(
    LISTS.map(async (list) => (await served.pages(`/repos/acme/one/${list}`)).map(({ text }) => text)),
  );
  expect(texts).toEqual(files.map((file) => [`[{"state":"open","is": "${file}"}]`]));
  expect((await served.pages('/orgs/acme/repos'))[0]?.text).toBe('[{"id":7, "name":"one"},{"id":8,"name":"two"}]');
  expect(await served.all('/repos/acme/two/pulls')).toEqual([]);
  expect(await served.all('/user/orgs')).toEqual([{ login: 'acme' }]);
  await served.github.close();
  rmSync(dir, { recursive: true });
});
