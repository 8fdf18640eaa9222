import { afterAll, beforeAll, expect, test } from 'vitest';
import { liveNotice } from '#lib/cli/deployment/live.ts';
import { startGitHub } from '#local/sources/github/index.ts';

let github: Awaited<ReturnType<typeof startGitHub>>;
beforeAll(async () => {
  github = await startGitHub();
});
afterAll(() => github.close());

test('before the real GitHub is read, the requests that it will take and those that are left are said', async () => {
  const orgs = ['astronomerio', 'airflow-plugins'].map((org) => ({ org, ofRepository: 2, ofOrganisation: 1 }));
  const notice = await liveNotice({ token: 't', orgs, baseUrl: github.url });
  const [, requests = 0, repositories = 0] =
    /at least (\d+) requests for 2 organisations with (\d+) repositories/.exec(notice) ?? [];
  // The repositories and the members of each organisation, and two lists of each repository.
  expect(Number(requests)).toBe(2 * Number(repositories) + 4);
  expect(notice).toMatch(/\d+ of \d+ are left this hour\.$/);
});

test('an organisation that the token may not read, and a host that is not there, are one clear line', async () => {
  const asked = liveNotice({
    token: 't',
    orgs: [{ org: 'nobody', ofRepository: 1, ofOrganisation: 0 }],
    baseUrl: github.url,
  });
  await expect(asked).rejects.toThrow(/\/orgs\/nobody was answered with 404\. Check GITHUB_TOKEN/);
  const nowhere = liveNotice({
    token: 't',
    orgs: [{ org: 'o', ofRepository: 1, ofOrganisation: 0 }],
    baseUrl: 'http://127.0.0.1:9',
  });
  await expect(nowhere).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringMatching(/cannot be reached/),
  });
});
