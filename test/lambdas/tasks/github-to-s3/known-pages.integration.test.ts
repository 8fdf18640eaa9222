/** A list as it is asked for on the day after: what has not changed costs nothing of GitHub's limit. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Invocation } from '#lambdas/runtime/implement.ts';
import type { Run } from '#lib/contract/envelope.ts';
import type { Extracted } from '#lib/contract/extracted.ts';
import type { Table } from '#lib/contract/table.ts';
import { type Manifest, readManifest } from '#lib/runs/manifest.ts';
import { s3Store } from '#lib/runs/store.ts';
import { type GitHub, startGitHub } from '#local/sources/github/index.ts';
import { handler } from '#tasks/github-to-s3/handler.ts';
import { type Aws, BUCKET, openAws } from '../../../worlds/aws.ts';
import { someRun } from '../../../worlds/events.ts';
import { contentOf } from '../../../worlds/extract-content.ts';
import { type Github, openGithub } from '../../../worlds/github.ts';
import { github as connection, describeFunction, setToken } from '../../../worlds/task-services.ts';

const table: Table = {
  name: 'g.issues',
  columns: [
    { name: 'id', type: 'int8' },
    { name: 'title', type: 'varchar(40)' },
  ],
  primaryKey: ['id'],
};

/** Of two pages; answers 304 without a Link header, as GitHub was seen to. */
const twoPages: Parameters<typeof openGithub>[0] = ({ path, known }, url) => {
  if (path.includes('page=2')) {
    if (refusals-- > 0) return { status: 422, body: '{"message":"Invalid cursor"}' };
    return known === '"2"' ? { status: 304 } : { body: '[{"id":3}]', headers: { etag: '"2"' } };
  }
  const headers = { etag: '"1"', link: `<${url}/list?page=2>; rel="next"` };
  return known === '"1"' ? { status: 304 } : { body: '[{"id":1},{"id":2}]', headers };
};
/** Of its second page, to come. */
let refusals = 0;

let aws: Aws;
let github: GitHub;
let api: Github;
let source: string;
beforeAll(async () => {
  aws = await openAws();
  describeFunction(aws, [table]);
  source = join(aws.dir, 'github');
  mkdirSync(join(source, 'o', 'r'), { recursive: true });
  github = await startGitHub({ source });
  setToken(aws, 'ghp', github.url);
  api = await openGithub(twoPages);
  aws.setSecret('two', JSON.stringify({ token: 'ghp', baseUrl: api.url }));
  const { SLUICE_CONNECTIONS: connections = '{}' } = process.env;
  process.env['SLUICE_CONNECTIONS'] = JSON.stringify({ ...JSON.parse(connections), 'two-pages': 'two' });
});
afterAll(async () => {
  await Promise.all([github.close(), api.close()]);
  await aws.close();
});
let today: Run;
beforeEach(() => {
  refusals = 0;
  today = { ...someRun(), runId: '20261120T000000Z', logicalDate: '2026-11-20T00:00:00Z' };
});

const yesterday = (): Run => ({ ...today, runId: '20261119T000000Z', logicalDate: '2026-11-19T00:00:00Z' });
const task = { id: 'extract', attempt: 1 };
const to = { kind: 'lake', dataset: 'i', table: table.name };
const input = { connection, org: 'o', repository: 'r', object: 'issues', query: { state: 'all', per_page: '50' }, to };
const extract = (run: Run, query: object = {}, invocation?: Invocation) =>
  handler({ run, task, input: { ...input, query: { ...input.query, ...query } } }, invocation);
const extractTwoPages = (run: Run) =>
  handler({ run, task, input: { ...input, connection: { ...connection, connection: 'two-pages' } } });
const hurried: Invocation = { getRemainingTimeInMillis: () => 1000 };

/** What the repository has from now on; a title may be another one. */
function setIssues(count: number, titles: Readonly<Record<number, string>> = {}): void {
  const updated_at = '2026-11-19T12:00:00Z';
  const issues = Array.from({ length: count }, (_, id) => ({ id, title: titles[id] ?? `no ${id}\u2028`, updated_at }));
  writeFileSync(join(source, 'o', 'r', 'issues.ndjson'), issues.map((issue) => `${JSON.stringify(issue)}\n`).join(''));
}

/** What some work costs of the limit of 5,000 requests an hour. */
async function cost(work: () => Promise<unknown>): Promise<number> {
  const used = async () => {
    const answer = await fetch(`${github.url}/rate_limit`, { headers: { authorization: 'token any' } });
    return ((await answer.json()) as { rate: { used: number } }).rate.used;
  };
  const before = await used();
  await work();
  return (await used()) - before;
}

const manifestOf = ({ manifest }: Extracted) => readManifest(s3Store({ client: aws.client, bucket: BUCKET }), manifest);
const statuses = ({ pages }: Manifest) => pages.map(({ status }) => status);

/** Today's extract, which must be what a pipeline without a past takes; with its costs and the statuses of its pages. */
async function ofToday(query: object = {}, take = () => extract(today, query)) {
  let taken: Extracted | undefined;
  const costs = await cost(async () => {
    taken = await take();
  });
  const asIs = ({ pages, ...rest }: Awaited<ReturnType<typeof contentOf>>) => ({
    pages: pages.map(({ status: _, ...page }) => page),
    ...rest,
  });
  if (!taken) throw new Error('Nothing was taken.');
  const anew = await extract({ ...today, dagId: `${today.dagId}-anew` }, query);
  expect(asIs(await contentOf(aws, taken.manifest))).toEqual(asIs(await contentOf(aws, anew.manifest)));
  const manifest = await manifestOf(taken);
  // The raw is the run's own.
  expect(manifest.raw.filter(({ key }) => !key.includes(`run=${today.runId}`))).toEqual([]);
  return { costs, statuses: statuses(manifest) };
}

test('a list that has not changed costs nothing, and is whole', async () => {
  setIssues(230);
  expect(await cost(() => extract(yesterday()))).toBe(5);
  expect(await ofToday()).toEqual({ costs: 0, statuses: [304, 304, 304, 304, 304] });
});

test('of a list that changed, the pages that did are sent', async () => {
  setIssues(230);
  await extract(yesterday());
  setIssues(231, { 120: 'changed' });
  expect(await ofToday()).toEqual({ costs: 2, statuses: [304, 304, 200, 304, 200] });
});

test('what is added behind a full last page is found, and what is gone is gone', async () => {
  setIssues(100);
  await extract(yesterday());
  setIssues(101);
  expect(await ofToday()).toEqual({ costs: 2, statuses: [304, 200, 200] });
  today = { ...today, runId: '20261121T000000Z', logicalDate: '2026-11-21T00:00:00Z' };
  setIssues(60);
  expect((await ofToday()).statuses).toEqual([304, 200]);
});

test('another query is another list', async () => {
  setIssues(60);
  await extract(yesterday(), { since: '2026-11-18T00:00:00Z' });
  expect((await ofToday({ since: '2026-11-19T00:00:00Z' })).costs).toBe(2);
});

test('attempts that go on where another one stopped know the rest', async () => {
  setIssues(230);
  await extract(yesterday());
  setIssues(230, { 60: 'changed' });
  const take = async () => {
    for (;;) {
      const outcome = await extract(today, {}, hurried).catch((error: Error) => error);
      if (!(outcome instanceof Error)) return outcome;
      expect(outcome).toMatchObject({ name: 'Sluice.Again' });
    }
  };
  expect(await ofToday({}, take)).toEqual({ costs: 1, statuses: [304, 200, 304, 304, 304] });
});

test('a run from raw is as good to know of', async () => {
  setIssues(60);
  await extract(yesterday());
  await extract({ ...yesterday(), clearing: 2, fromRaw: true });
  expect((await ofToday()).costs).toBe(0);
});

const spoil: Record<string, (manifest: Manifest, key: string) => Promise<unknown>> = {
  'raw that is gone': ({ raw }) => aws.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: raw[0]?.key ?? '' })),
  'raw that is no gzip': ({ raw }) =>
    aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: raw[0]?.key ?? '', Body: 'x' })),
  'a manifest that counts more than raw has': (manifest, Key) => {
    const pages = manifest.pages.map((page) => ({ ...page, rows: page.rows + 1 }));
    const Body = JSON.stringify({ ...manifest, pages });
    return aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
  },
  'a manifest that is none': (_, Key) => aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: '{}' })),
};

test.each(Object.keys(spoil))('%s: the list is asked for as if nothing were known', async (what) => {
  setIssues(30);
  const before = await extract(yesterday());
  await spoil[what]?.(await manifestOf(before), before.manifest);
  expect(await ofToday()).toEqual({ costs: 1, statuses: [200] });
});

test('an unchanged page without a link leads to where it led before', async () => {
  await extractTwoPages(yesterday());
  const manifest = await manifestOf(await extractTwoPages(today));
  expect([statuses(manifest), manifest.counts.extracted]).toEqual([[304, 304], 3]);
  expect(manifest.pages.map(({ etag }) => etag)).toEqual(['"1"', '"2"']);
});

test('where that place is refused, the list begins anew, and nothing of it counts as known', async () => {
  await extractTwoPages(yesterday());
  refusals = 1;
  const manifest = await manifestOf(await extractTwoPages(today));
  expect([statuses(manifest), manifest.counts.extracted]).toEqual([[200, 200], 3]);
});
