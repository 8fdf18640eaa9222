import { afterAll, beforeAll, expect, test } from 'vitest';
import { costOfRun } from '#lambdas/sources/github/cost.ts';
import { startGitHub } from '#local/sources/github/index.ts';

let github: Awaited<ReturnType<typeof startGitHub>>;
beforeAll(async () => {
  github = await startGitHub();
});
afterAll(() => github.close());

const tasksOf = (org: string) => [
  { type: 'github-repositories', input: { org } },
  { type: 'github-repository-to-s3', input: { org, to: { issues: {}, commits: {} }, repository: { $ref: ['@item'] } } },
  { type: 'github-to-s3', input: { org, object: 'members' } },
  { type: 'warehouse-sql', input: { file: 'x.sql' } },
];
const cost = (orgs: readonly string[], baseUrl = github.url) =>
  costOfRun(orgs.flatMap(tasksOf), { token: 't', baseUrl });

test('before the real GitHub is read, the requests that it will take and those that are left are said', async () => {
  const notice = await cost(['astronomerio', 'airflow-plugins']);
  const [, requests = 0, repositories = 0] =
    /at least (\d+) requests for 2 organisations with (\d+) repositories/.exec(notice) ?? [];
  // The repositories and the members of each organisation, and two lists of each repository.
  expect(Number(requests)).toBe(2 * Number(repositories) + 4);
  expect(notice).toMatch(/\d+ of \d+ are left this hour\.$/);
});

test('an organisation that the token may not read, and a host that is not there, are one clear line', async () => {
  await expect(cost(['-nobody'])).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(/\/orgs\/-nobody was answered with 404\. Check GITHUB_TOKEN/),
  });
  await expect(cost(['o'], 'http://127.0.0.1:9')).rejects.toMatchObject({
    name: 'Sluice.Transient',
    message: expect.stringMatching(/cannot be reached/),
  });
});
