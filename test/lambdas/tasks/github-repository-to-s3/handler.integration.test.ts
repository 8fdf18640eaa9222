import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Run } from '#lib/contract/envelope.ts';
import { extractsOf } from '#lib/contract/extracted.ts';
import type { Table } from '#lib/contract/table.ts';
import { readManifest } from '#lib/runs/manifest.ts';
import { s3Store } from '#lib/runs/store.ts';
import { handler } from '#tasks/github-repository-to-s3/handler.ts';
import { type Aws, BUCKET, openAws } from '../../../worlds/aws.ts';
import { eventOf } from '../../../worlds/events.ts';
import { type Github, openGithub } from '../../../worlds/github.ts';
import { cleared, dayOf } from '../../../worlds/loading.ts';
import { describeFunction, github, setToken } from '../../../worlds/task-services.ts';

const tableOf = (name: string, key: string): Table => ({
  name,
  columns: [{ name: key, type: key === 'id' ? 'int8' : 'varchar(64)' }],
  primaryKey: [key],
});

let aws: Aws;
let api: Github;
let answer: Parameters<typeof openGithub>[0];
beforeAll(async () => {
  aws = await openAws();
  describeFunction(aws, [tableOf('g.issues', 'id'), tableOf('g.commits', 'sha')]);
  api = await openGithub((asked, url) => answer(asked, url));
  setToken(aws, 'token', api.url);
});
afterAll(async () => {
  await api.close();
  await aws.close();
});
beforeEach(() => {
  answer = ({ path }) => ({ body: path.includes('/commits') ? '[{"sha":"a"},{"sha":"b"}]' : '[{"id":1}]' });
  api.asked.length = 0;
});

const to = {
  commits: { kind: 'lake', dataset: 'o_commits', table: 'g.commits' },
  issues: { kind: 'lake', dataset: 'o_issues', table: 'g.issues' },
};
const input = { connection: github, org: 'o', repository: 'Core', to };
const extract = (change: object = {}) => handler(eventOf({ ...input, ...change }));

test('each list goes into its dataset with a manifest of its own; loads find theirs by their table', async () => {
  const output = await extract();
  expect(output).toMatchObject({
    rows: 3,
    quarantined: 0,
    tables: { 'g.issues': { rows: 1 }, 'g.commits': { rows: 2 } },
  });
  expect(output.bytes).toBe(Buffer.byteLength('{"id":1}\n{"sha":"a"}\n{"sha":"b"}\n'));

  const [commits, ...others] = extractsOf([output], 'g.commits');
  expect(others).toEqual([]);
  const manifest = await readManifest(s3Store({ client: aws.client, bucket: BUCKET }), commits?.manifest ?? '');
  expect(manifest).toMatchObject({ dataset: 'o_commits', table: 'g.commits', counts: { extracted: 2 } });
  expect(extractsOf([output, output], 'g.issues')).toHaveLength(2);
  expect(extractsOf(output, 'g.members')).toEqual([]);
});

test("a query goes with its own list's requests and no others", async () => {
  await extract({ query: { issues: { state: 'all', since: '2026-11-19T00:00:00Z' } } });
  expect(api.asked.map(({ path }) => path)).toEqual([
    '/repos/o/Core/issues?per_page=100&state=all&since=2026-11-19T00%3A00%3A00Z',
    '/repos/o/Core/commits?per_page=100',
  ]);
});

test('of what an item that failed had read, all is asked for the next time: its rows are in no table', async () => {
  const dagId = `dag-${randomUUID()}`;
  const ask = (run: Run, since: string | null) =>
    handler(eventOf({ ...input, since: { issues: since } }, { run: { ...run, dagId } }));
  const serves = answer;
  // The list of issues is read to its end before that of commits.
  answer = (asked, url) => (asked.path.includes('/commits') ? { status: 500 } : serves(asked, url));
  await expect(ask(dayOf(18), null)).rejects.toMatchObject({ name: 'Sluice.Transient' });
  answer = serves;
  api.asked.length = 0;
  await ask(dayOf(19), dayOf(18).logicalDate);
  expect(api.asked[0]?.path).toBe('/repos/o/Core/issues?per_page=100');
});

test('what changed since an earlier run is asked for where that run has read the repository, otherwise all', async () => {
  const dagId = `dag-${randomUUID()}`;
  const earlier = dayOf(18);
  const ask = (run: Run, since: string | null, repository = 'Core') =>
    handler(eventOf({ ...input, repository, since: { issues: since } }, { run: { ...run, dagId } }));
  await ask(earlier, null);
  await ask(dayOf(19), earlier.logicalDate);
  await ask(cleared(dayOf(19)), earlier.logicalDate, 'Later');
  expect(api.asked.map(({ path }) => path).filter((path) => path.includes('issues'))).toEqual([
    '/repos/o/Core/issues?per_page=100',
    '/repos/o/Core/issues?per_page=100&since=2026-11-18T00%3A00%3A00Z',
    '/repos/o/Later/issues?per_page=100',
  ]);
});

test('where an earlier run was cleared and then did not read a repository any more, everything of it is asked for', async () => {
  const dagId = `dag-${randomUUID()}`;
  const earlier = dayOf(18);
  const ask = (run: Run, repository: string, since: string | null = null) => {
    const task = { id: repository, attempt: 1 };
    return handler(eventOf({ ...input, repository, since: { issues: since } }, { run: { ...run, dagId }, task }));
  };
  await ask(earlier, 'Core');
  await ask(earlier, 'Gone');
  await ask(cleared(earlier), 'Core');
  api.asked.length = 0;
  await ask(dayOf(19), 'Core', earlier.logicalDate);
  await ask(dayOf(19), 'Gone', earlier.logicalDate);
  expect(api.asked.map(({ path }) => path).filter((path) => path.includes('issues'))).toEqual([
    '/repos/o/Core/issues?per_page=100&since=2026-11-18T00%3A00%3A00Z',
    '/repos/o/Gone/issues?per_page=100',
  ]);
});

test('the manifests say since when; from raw they say it again', async () => {
  const run = { ...dayOf(19), dagId: `dag-${randomUUID()}` };
  const since = '2026-11-18T00:00:00Z';
  const manifestOf = async (change: object, query?: object) => {
    const event = eventOf({ ...input, ...(query && { query }) }, { run: { ...run, ...change } });
    const [issues] = extractsOf(await handler(event), 'g.issues');
    return readManifest(s3Store({ client: aws.client, bucket: BUCKET }), issues?.manifest ?? '');
  };
  expect(await manifestOf({})).not.toHaveProperty('since');
  expect(await manifestOf({ clearing: 2 }, { issues: { since } })).toMatchObject({ since });
  expect(await manifestOf({ clearing: 3, fromRaw: true })).toMatchObject({ since });
});

test('a kind that is wanted of some repositories alone is asked for there, in any case of the name', async () => {
  expect(Object.keys((await extract({ only: { commits: ['core'] } })).tables)).toEqual(['g.issues', 'g.commits']);
  api.asked.length = 0;
  expect(Object.keys((await extract({ only: { commits: ['cli'] } })).tables)).toEqual(['g.issues']);
  expect(api.asked).toHaveLength(1);
});

test('a repository without commits has none, and its issues still', async () => {
  answer = ({ path }) =>
    path.includes('/commits') ? { status: 409, body: '{"message":"Git Repository is empty."}' } : {};
  expect(await extract()).toMatchObject({ rows: 0, tables: { 'g.commits': { rows: 0 } } });
});

test('a list that is refused fails the attempt, naming the request', async () => {
  answer = ({ path }) => (path.includes('/commits') ? { status: 422, body: '{"message":"No"}' } : {});
  await expect(extract()).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(/\/repos\/o\/Core\/commits.*422/),
  });
});
