import { afterAll, beforeAll, expect, test } from 'vitest';
import { GITHUB_DEFAULTS, issueText } from '#local/sources/github/index.ts';
import { type Item, openGitHub } from '../../../worlds/local/github-client.ts';

let opened: Awaited<ReturnType<typeof openGitHub>>;
let issues: Item[];
let members: Item[];
beforeAll(async () => {
  opened = await openGitHub();
  const lists = GITHUB_DEFAULTS.organisations.map(async (org) => {
    const repositories = await opened.all(`/orgs/${org}/repos`);
    return Promise.all(
      repositories.map(({ full_name }) => opened.all(`/repos/${full_name}/issues?state=all&per_page=100`)),
    );
  });
  issues = (await Promise.all(lists)).flat(2);
  members = await opened.all('/orgs/astronomerio/members');
});
afterAll(() => opened.github.close());

const login = (user: unknown) => (user as { login: string } | null)?.login;
const assigneesOf = (issue: Item) => issue['assignees'] as Item[];

test.each([
  ['a pull request among the issues', (issue: Item) => 'pull_request' in issue],
  ['an issue without the key pull_request', (issue: Item) => !('pull_request' in issue)],
  ['no assignee', (issue: Item) => issue['assignee'] === null && assigneesOf(issue).length === 0],
  ['several assignees', (issue: Item) => assigneesOf(issue).length > 1],
  ['labels', (issue: Item) => (issue['labels'] as Item[]).length > 1],
  ['no milestone', (issue: Item) => issue['milestone'] === null],
  ['a milestone', (issue: Item) => (issue['milestone'] as Item | null)?.['state'] === 'open'],
  ['no body', (issue: Item) => issue['body'] === null],
  ['an empty body', (issue: Item) => issue['body'] === ''],
  ['a body with CRLF', (issue: Item) => String(issue['body']).includes('\r\n')],
  ['a body beyond ASCII', (issue: Item) => /[^\p{ASCII}]/u.test(String(issue['body']))],
  ['a body of more than 256 bytes', (issue: Item) => Buffer.byteLength(String(issue['body'])) > 256],
  ['a body of more than 10,000 bytes', (issue: Item) => Buffer.byteLength(String(issue['body'])) > 10_000],
  ['an id beyond int4', (issue: Item) => Number(issue['id']) > 2 ** 31],
  ['a reaction named +1', (issue: Item) => Number((issue['reactions'] as Item)['+1']) > 0],
  ['an open and a closed state', (issue: Item) => issue['state'] === 'closed' && issue['closed_by'] !== null],
  ['a deleted author', (issue: Item) => login(issue['user']) === 'ghost'],
])('the default seed has %s', (_, holds) => {
  expect(issues.filter(holds).length).toBeGreaterThan(0);
  expect(issues.filter(holds).length).toBeLessThan(issues.length);
});

test('the default seed has assignees who are not members', () => {
  const known = new Set(members.map(login));
  const strangers = issues.flatMap(assigneesOf).filter((assignee) => !known.has(login(assignee)));
  expect(strangers.length).toBeGreaterThan(0);
  expect(known.size).toBeGreaterThan(10);
});

test('one person has exactly one open issue in each organisation', () => {
  const owned = issues.filter((issue) => assigneesOf(issue).some((assignee) => login(assignee) === 'two-hats'));
  expect(owned.map(({ state, repository_url }) => [state, repository_url])).toEqual(
    GITHUB_DEFAULTS.organisations.map((org) => ['open', `https://api.github.com/repos/${org}/core`]),
  );
  expect(owned.every((issue) => !('pull_request' in issue))).toBe(true);
});

test('ids are unique and safe, and the first assignee is the assignee', () => {
  const ids = issues.map(({ id }) => id as number);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every(Number.isSafeInteger)).toBe(true);
  expect(issues.every((issue) => login(issue['assignee']) === login(assigneesOf(issue)[0] ?? null))).toBe(true);
});

test('the documented sizes hold: some hundred issues, pages to follow, an empty repository', async () => {
  expect(issues.length).toBeGreaterThan(500);
  expect(issues.length).toBeLessThan(1000);
  const repositories = await opened.all('/orgs/astronomerio/repos');
  const counts = repositories.map(({ name }) => {
    const of = `https://api.github.com/repos/astronomerio/${name}`;
    return issues.filter((issue) => issue['repository_url'] === of).length;
  });
  expect(Math.max(...counts)).toBeGreaterThan(200);
  expect(counts).toContain(0);
  const open = repositories.map(({ open_issues_count }) => open_issues_count as number);
  const expected = issues.filter(({ state, url }) => state === 'open' && String(url).includes('/astronomerio/'));
  expect(open.reduce((sum, count) => sum + count)).toBe(expected.length);
});

test('the same seed gives the same bytes, another seed others', async () => {
  const path = '/repos/astronomerio/core/issues?state=all';
  const bytes = async (seed: number) => {
    const other = await openGitHub({ seed });
    const [page] = await other.pages(path);
    await other.github.close();
    return page?.text;
  };
  const first = (await opened.pages(path))[0]?.text;
  expect(await bytes(GITHUB_DEFAULTS.seed)).toBe(first);
  expect(await bytes(2)).not.toBe(first);
});

test("any other name is an organisation too, always the same one, whose ids are no other one's", async () => {
  const issuesOf = async (server: typeof opened, org: string) => {
    const repositories = await server.all(`/orgs/${org}/repos`);
    return Promise.all(repositories.map(({ full_name }) => server.all(`/repos/${full_name}/issues?per_page=100`)));
  };
  const other = await openGitHub();
  await issuesOf(other, 'asked-before');
  const [first, again, next] = [
    (await issuesOf(opened, 'your-org')).flat(),
    (await issuesOf(other, 'your-org')).flat(),
    (await issuesOf(opened, 'asked-after')).flat(),
  ];
  await other.github.close();
  expect(first.length).toBeGreaterThan(30);
  expect(again.map(({ id, title }) => [id, title])).toEqual(first.map(({ id, title }) => [id, title]));
  const all = [...first, ...next, ...issues];
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  const members = await opened.all('/user/orgs');
  expect(members.map((org) => org['login'])).toEqual([...GITHUB_DEFAULTS.organisations]);
});

test('one issue can be had without a server, always the same', () => {
  expect(issueText(3, 17)).toBe(issueText(3, 17));
  expect(JSON.parse(issueText(3, 17))).toMatchObject({ number: 17, repository_url: expect.stringContaining('octo-') });
  const ids = new Set(Array.from({ length: 500 }, (_, n) => JSON.parse(issueText(3, n + 1)).id));
  expect(ids.size).toBe(500);
  expect(JSON.parse(issueText(3, 1_000_000)).id).toBeLessThan(Number.MAX_SAFE_INTEGER);
});
