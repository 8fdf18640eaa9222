/** Of a repository that does not give a list for good, for a while, or any more. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Run } from '#lib/contract/envelope.ts';
import { readManifest } from '#lib/runs/manifest.ts';
import { s3Store } from '#lib/runs/store.ts';
import { readWarnings } from '#lib/runs/warnings.ts';
import { handler } from '#tasks/github-repository-to-s3/handler.ts';
import { type Aws, BUCKET, openAws } from '../../../worlds/aws.ts';
import { eventOf } from '../../../worlds/events.ts';
import { type Github, openGithub } from '../../../worlds/github.ts';
import { cleared, dayOf } from '../../../worlds/loading.ts';
import { describeFunction, github, setToken } from '../../../worlds/task-services.ts';

let aws: Aws;
let api: Github;
let answer: Parameters<typeof openGithub>[0];
let dagId: string;
beforeAll(async () => {
  aws = await openAws();
  const columns = (name: string) => [{ name, type: 'varchar(64)' as const }];
  describeFunction(aws, [
    { name: 'g.issues', columns: columns('id'), primaryKey: ['id'] },
    { name: 'g.commits', columns: columns('sha'), primaryKey: ['sha'] },
  ]);
  api = await openGithub((asked, url) => answer(asked, url));
  setToken(aws, 'token', api.url);
});
afterAll(async () => {
  await api.close();
  await aws.close();
});
beforeEach(() => {
  dagId = `dag-${randomUUID()}`;
  api.asked.length = 0;
});

const to = {
  issues: { kind: 'lake', dataset: 'o_issues', table: 'g.issues' },
  commits: { kind: 'lake', dataset: 'o_commits', table: 'g.commits' },
};
const REPOSITORIES = { core: '[{"name":"docs"},{"name":"core"}]', others: '[{"name":"docs"}]' };

/** What the API gives of each list; a number is the status of its refusal. */
function serve(lists: { issues?: number | string[]; commits?: number | string[]; repositories?: string }) {
  const list = (records: number | string[] = [], name = 'id') =>
    typeof records === 'number'
      ? { status: records, body: '{"message":"Not here"}' }
      : { body: JSON.stringify(records.map((value) => ({ [name]: value }))), headers: { etag: `"${records}"` } };
  answer = ({ path }) => {
    if (path.includes('/issues')) return list(lists.issues);
    return path.includes('/commits') ? list(lists.commits, 'sha') : { body: lists.repositories ?? REPOSITORIES.core };
  };
}

async function extract(run: Run, change: object = {}) {
  const { tables } = await handler(
    eventOf({ connection: github, org: 'o', repository: 'Core', to, ...change }, { run: { ...run, dagId } }),
  );
  const { issues, commits } = { issues: tables['g.issues'], commits: tables['g.commits'] };
  const read = async (key = '') => {
    const manifest = await readManifest(s3Store({ client: aws.client, bucket: BUCKET }), key);
    const lines = await aws.lines(Object.values(manifest.stage).flatMap(({ parts }) => parts));
    return { manifest, staged: lines.map((line) => JSON.parse(line)).map(({ id, sha }) => id ?? sha) };
  };
  return { issues, commits, ofIssues: await read(issues?.manifest), ofCommits: await read(commits?.manifest) };
}

const asksFor = (name: string) => api.asked.map(({ path }) => path).filter((path) => path.includes(name));

test('issues that are switched off are no rows and a skip that the manifest tells; the other lists are read', async () => {
  serve({ issues: ['1'], commits: ['a'] });
  await extract(dayOf(18));
  serve({ issues: 410, commits: ['a', 'b'] });
  const { issues, commits, ofIssues, ofCommits } = await extract(dayOf(19));
  const skipped = { status: 410, url: `${api.url}/repos/o/Core/issues?per_page=100`, reason: expect.any(String) };
  expect(issues).toMatchObject({ rows: 0, skipped });
  expect(issues?.skipped?.reason).toContain('Not here');
  expect(ofIssues).toMatchObject({ staged: [], manifest: { skipped, raw: [] } });
  expect(commits).not.toHaveProperty('skipped');
  expect(ofCommits.staged).toEqual(['a', 'b']);
});

test('the run warns of each list that is skipped, once, also from raw', async () => {
  serve({ issues: 410, commits: 451 });
  const store = s3Store({ client: aws.client, bucket: BUCKET });
  for (const run of [dayOf(19), dayOf(19), { ...cleared(dayOf(19)), fromRaw: true as const }]) {
    await extract(run);
    expect(await readWarnings(store, { ...run, dagId })).toEqual([
      expect.objectContaining({ task: 'extract', dataset: 'o_commits', of: 'Core', status: 451 }),
      expect.objectContaining({ task: 'extract', dataset: 'o_issues', of: 'Core', status: 410 }),
    ]);
  }
});

test('a blocked repository is skipped and gives the rows that it had, day after day', async () => {
  serve({ issues: ['1', '2'], commits: ['a'] });
  await extract(dayOf(17));
  serve({ issues: 451, commits: 451 });
  for (const day of [18, 19]) {
    const { issues, ofIssues, ofCommits } = await extract(dayOf(day));
    expect(issues).toMatchObject({ rows: 2, skipped: { status: 451 } });
    expect(ofIssues.staged).toEqual(['1', '2']);
    expect(ofCommits.staged).toEqual(['a']);
  }
});

test('what it had is the last whole list and what changed after it, also of an earlier clearing of the same run', async () => {
  serve({ issues: ['1', '2'] });
  await extract(dayOf(16));
  await extract(dayOf(17));
  serve({ issues: ['2', '3'] });
  await extract(dayOf(18), { since: { issues: dayOf(17).logicalDate } });
  serve({ issues: 451 });
  await extract(dayOf(19), { since: { issues: dayOf(18).logicalDate } });
  expect((await extract(dayOf(20))).ofIssues.staged).toEqual(['1', '2', '2', '3']);
  serve({ issues: ['4'] });
  await extract(dayOf(21));
  serve({ issues: 451 });
  const { ofIssues } = await extract(cleared(dayOf(21)));
  expect(ofIssues.staged).toEqual(['4']);
  expect(ofIssues.manifest).not.toHaveProperty('since');
});

test('where only changes are asked for, a skip has none; the day after, all is asked for', async () => {
  serve({ issues: ['1'] });
  await extract(dayOf(17));
  serve({ issues: 451 });
  const skipped = await extract(dayOf(18), { since: { issues: dayOf(17).logicalDate } });
  expect(skipped.ofIssues).toMatchObject({ staged: [], manifest: { since: dayOf(17).logicalDate } });
  serve({ issues: ['1', '2'] });
  api.asked.length = 0;
  const { issues, ofIssues } = await extract(dayOf(19), { since: { issues: dayOf(18).logicalDate } });
  expect(asksFor('/issues')).toEqual(['/repos/o/Core/issues?per_page=100']);
  expect(api.asked[0]?.known).toBeUndefined();
  expect(ofIssues.staged).toEqual(['1', '2']);
  expect(issues).not.toHaveProperty('skipped');
});

test.each([403, 404])('%i of a repository that is no longer listed is a skip that keeps its rows', async (status) => {
  serve({ issues: ['1'], commits: ['a'] });
  await extract(dayOf(18));
  serve({ issues: status, commits: status, repositories: REPOSITORIES.others });
  const { issues, ofIssues, ofCommits } = await extract(dayOf(19));
  expect(issues).toMatchObject({ rows: 1, skipped: { status } });
  expect(ofIssues.staged).toEqual(['1']);
  expect(ofCommits.staged).toEqual(['a']);
  expect(asksFor('/orgs/o/repos')).toHaveLength(1);
});

test('a repository that was renamed is skipped under its former name and keeps its rows, though a redirect leads on', async () => {
  serve({ issues: ['1'], commits: ['a'] });
  await extract(dayOf(18));
  const repositories = '[{"name":"kernel"}]';
  serve({ issues: ['1', '2'], commits: ['a', 'b'], repositories });
  const moved = answer;
  answer = (asked, url) => {
    const [, list] = /^\/repos\/o\/Core(.*)/.exec(asked.path) ?? [];
    if (list === undefined) return moved(asked, url);
    return { status: 301, body: '{"message":"Moved Permanently"}', headers: { location: `/repositories/7${list}` } };
  };
  const { issues, ofIssues, ofCommits } = await extract(dayOf(19));
  expect(issues).toMatchObject({
    rows: 1,
    skipped: { status: 301, url: expect.stringContaining('/repositories/7/issues') },
  });
  expect(issues?.skipped?.reason).toBe("'Core' was renamed or transferred");
  expect([ofIssues.staged, ofCommits.staged]).toEqual([['1'], ['a']]);
});

test.each([403, 404])('%i of a repository that is still listed fails, naming what the token lacks', async (status) => {
  serve({ issues: ['1'], commits: ['a'] });
  await extract(dayOf(18));
  serve({ issues: ['1'], commits: status });
  await expect(extract(dayOf(19))).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(
      /repos\/o\/Core\/commits.*'github'.*needs read access to the repository's contents.*'o' still lists the repository/s,
    ),
  });
});

test('a repository that goes in the middle of its list is skipped as a whole', async () => {
  serve({ issues: ['1', '2'] });
  await extract(dayOf(18));
  answer = ({ path }, url) => {
    if (path.includes('page=2')) return { status: 451, body: '{"message":"Blocked"}' };
    if (path.includes('/commits')) return {};
    return { body: '[{"id":"3"}]', headers: { link: `<${url}/repos/o/Core/issues?per_page=100&page=2>; rel="next"` } };
  };
  const { issues, ofIssues } = await extract(dayOf(19));
  expect(issues).toMatchObject({ rows: 2, skipped: { status: 451 } });
  expect(ofIssues.staged).toEqual(['1', '2']);
});

test('from raw, the run has the same rows and says again what was skipped', async () => {
  serve({ issues: ['1'] });
  await extract(dayOf(18));
  serve({ issues: 451 });
  const first = await extract(dayOf(19));
  api.asked.length = 0;
  const again = await extract({ ...cleared(dayOf(19)), fromRaw: true });
  expect(again.ofIssues.staged).toEqual(['1']);
  expect(again.issues?.skipped).toEqual(first.issues?.skipped);
  expect(api.asked).toEqual([]);
});

test('a list that was always blocked is no rows; changes without what they changed are not taken for all', async () => {
  serve({ issues: 451 });
  expect((await extract(dayOf(18))).ofIssues.staged).toEqual([]);
  dagId = `dag-${randomUUID()}`;
  serve({ issues: ['1'] });
  await extract(dayOf(17), { query: { issues: { since: '2026-11-16T00:00:00Z' } } });
  serve({ issues: 451 });
  await expect(extract(dayOf(18))).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringContaining('Keeping what'),
  });
});
