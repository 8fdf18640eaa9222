import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Table } from '#lib/contract/table.ts';
import { readManifest } from '#lib/runs/manifest.ts';
import { type Store, s3Store } from '#lib/runs/store.ts';
import { handler } from '#tasks/github-to-s3/handler.ts';
import { type Aws, BUCKET, openAws } from '../../../worlds/aws.ts';
import { eventOf } from '../../../worlds/events.ts';
import { type Answer, type Github, openGithub } from '../../../worlds/github.ts';
import { describeFunction, github, setToken } from '../../../worlds/task-services.ts';

const table: Table = {
  name: 'g.issues',
  columns: [
    { name: 'id', type: 'int8' },
    { name: 'title', type: 'varchar(10)' },
  ],
  primaryKey: ['id'],
  maxQuarantined: 1,
};

let aws: Aws;
let store: Store;
let api: Github;
/** By path; of a list one after the other, and the last one for good. */
let answers: Record<string, Answer | Answer[]> = {};
let accepted = 'ghp_first';
/** The token that the secret has once one was refused. */
let rotated = 'ghp_first';

beforeAll(async () => {
  aws = await openAws();
  describeFunction(aws, [table]);
  store = s3Store({ client: aws.client, bucket: BUCKET });
  api = await openGithub(({ path, token }) => {
    if (token !== `token ${accepted}`) {
      setToken(aws, rotated, api.url);
      return { status: 401, body: '{"message":"Bad credentials"}' };
    }
    const answer = answers[path] ?? { status: 404, body: '{"message":"Not Found"}' };
    if (!Array.isArray(answer)) return answer;
    return (answer.length > 1 ? answer.shift() : answer[0]) ?? {};
  });
  setToken(aws, 'ghp_first', api.url);
});
afterAll(async () => {
  await api.close();
  await aws.close();
});
beforeEach(() => {
  answers = {};
  api.asked.length = 0;
});

const input = {
  connection: github,
  org: 'o',
  repository: 'r',
  object: 'issues',
  to: { kind: 'lake', dataset: 'i', table: 'g.issues' },
};
const ISSUES = '/repos/o/r/issues?per_page=100';
const next = (path: string) => ({ link: `<${api.url}${path}>; rel="next", <${api.url}/x>; rel="last"` });
const extract = (change: object = {}) => handler(eventOf({ ...input, ...change }));
const failure = (change: object = {}) => extract(change).catch((error: unknown) => error as Error);
const asked = () => api.asked.map(({ path }) => path);

test('every page that Link leads to is kept as it came; the query goes with the first request', async () => {
  answers[`${ISSUES}&state=all`] = {
    body: '[\n {"id": 1,  "title": "a"},\n {"id": 12345678901234567, "title": null, "x": 1.0}]',
    headers: { ...next('/repositories/7/issues?after=Q%3D%3D'), etag: 'W/"1"' },
  };
  answers['/repositories/7/issues?after=Q%3D%3D'] = { body: '[{"id":3,"title":"c"}]' };
  const output = await extract({ query: { state: 'all' } });
  expect(output).toEqual({
    manifest: expect.stringMatching(/^raw\/.*manifest\.json$/),
    rows: 3,
    bytes: 97,
    quarantined: 0,
  });

  const manifest = await readManifest(store, output.manifest);
  expect(manifest.pages).toEqual([
    { url: `${api.url}${ISSUES}&state=all`, status: 200, etag: 'W/"1"', fetchedAt: expect.any(String), rows: 2 },
    { url: `${api.url}/repositories/7/issues?after=Q%3D%3D`, status: 200, fetchedAt: expect.any(String), rows: 1 },
  ]);
  expect(await aws.lines(manifest.raw)).toEqual([
    '{"id": 1,  "title": "a"}',
    '{"id": 12345678901234567, "title": null, "x": 1.0}',
    '{"id":3,"title":"c"}',
  ]);
  expect(await aws.lines(manifest.stage['g.issues']?.parts ?? [])).toEqual([
    '{"sluice_record":1,"id":1,"title":"a"}',
    '{"sluice_record":2,"id":12345678901234567,"title":null}',
    '{"sluice_record":3,"id":3,"title":"c"}',
  ]);
  expect(manifest).toMatchObject({
    dataset: 'i',
    table: 'g.issues',
    unknownFields: { x: 1 },
    counts: { extracted: 3, staged: 3 },
  });
  expect(manifest.raw[0]?.bytes).toBe((await aws.bytes(manifest.raw[0]?.key ?? '')).length);
});

test('members belong to the organisation: they are asked for once, and not of a repository', async () => {
  answers['/orgs/o/members?per_page=100'] = { body: '[{"id":1,"title":"m"}]' };
  expect(await extract({ object: 'members', repository: undefined })).toMatchObject({ rows: 1 });
  expect(await failure({ object: 'members' })).toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringContaining("'r'"),
  });
  expect(await failure({ repository: undefined })).toMatchObject({ name: 'Sluice.Terminal' });
});

test.each([
  ['issues', '/repos/o/r/issues'],
  ['pull_requests', '/repos/o/r/pulls'],
  ['issue_comments', '/repos/o/r/issues/comments'],
  ['commit_comments', '/repos/o/r/comments'],
  ['commits', '/repos/o/r/commits'],
  ['members', '/orgs/o/members'],
  ['repositories', '/orgs/o/repos'],
  ['organizations', '/user/orgs'],
])('%s are listed at %s', async (object, path) => {
  answers[`${path}?per_page=100`] = { body: '[{"id":1}]' };
  const of = path.split('/');
  const [org, repository] = [of[1] === 'user' ? undefined : 'o', of[1] === 'repos' ? 'r' : undefined];
  expect(await extract({ object, org, repository })).toMatchObject({ rows: 1 });
  expect(asked()).toEqual([`${path}?per_page=100`]);
});

test('another kind of object is refused before anything is asked', async () => {
  expect(await failure({ object: 'Issues' })).toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringContaining('object'),
  });
  expect(asked()).toEqual([]);
});

test('an empty repository (409) and an empty list are no rows and a success', async () => {
  answers[ISSUES] = { status: 409, body: '{"message":"Git Repository is empty."}' };
  const output = await extract();
  expect(output).toMatchObject({ rows: 0, bytes: 0 });
  expect(await readManifest(store, output.manifest)).toMatchObject({
    pages: [{ status: 409, rows: 0 }],
    raw: [],
    stage: { 'g.issues': { parts: [], rows: 0 } },
  });
  expect(asked()).toEqual([ISSUES]);
  answers[ISSUES] = { body: '[]' };
  expect(await extract()).toMatchObject({ rows: 0 });
});

test('a 409 after the first page is a failure that may pass, not the end of the list', async () => {
  answers[ISSUES] = { body: '[{"id":1}]', headers: next('/2') };
  answers['/2'] = { status: 409, body: '{}' };
  expect(await failure()).toMatchObject({
    name: 'Sluice.Transient',
    message: expect.stringContaining('409 in the middle of the list'),
  });
});

test('a renamed repository is followed', async () => {
  answers[ISSUES] = { status: 301, headers: { location: `${api.url}/repositories/9/issues?per_page=100` }, body: '{}' };
  answers['/repositories/9/issues?per_page=100'] = { body: '[{"id":1,"title":"a"}]' };
  const { manifest, rows } = await extract();
  expect(rows).toBe(1);
  expect((await readManifest(store, manifest)).pages[0]?.url).toBe(`${api.url}/repositories/9/issues?per_page=100`);
});

test('a token that is refused is fetched anew once', async () => {
  answers[ISSUES] = { body: '[{"id":1}]' };
  rotated = 'ghp_second';
  accepted = rotated;
  expect(await extract()).toMatchObject({ rows: 1 });
  expect(api.asked.map(({ token }) => token)).toEqual(['token ghp_first', 'token ghp_second']);

  accepted = 'ghp_third';
  const error = await failure();
  accepted = 'ghp_second';
  expect(error).toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(
      /connection 'github': GitHub answered 401: Bad credentials.*read access.*put-secret-value/,
    ),
  });
  expect(error).not.toMatchObject({ message: expect.stringContaining('ghp_') });
});

test('what is not there or not allowed is terminal, naming the connection and what its token needs', async () => {
  expect(await failure()).toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(
      /GET .*\/repos\/o\/r\/issues.*'github': GitHub answered 404: Not Found.*needs read access/,
    ),
  });
  answers[ISSUES] = { status: 403, body: '{"message":"Resource not accessible by personal access token"}' };
  expect(await failure()).toMatchObject({ name: 'Sluice.Terminal', message: expect.stringContaining('answered 403') });
  expect(asked()).toEqual([ISSUES, ISSUES]);
});

const resetIn = (seconds: number) => ({
  'x-ratelimit-remaining': '0',
  'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + seconds),
});

test('a short rate limit is waited for in the process', async () => {
  answers[ISSUES] = [
    { status: 403, headers: resetIn(0), body: '{"message":"API rate limit exceeded"}' },
    { body: '[{"id":1}]' },
  ];
  expect(await extract()).toMatchObject({ rows: 1 });
  expect(asked()).toEqual([ISSUES, ISSUES]);
});

test('a long rate limit ends the attempt, to be taken up again', async () => {
  const primary = { status: 403, headers: resetIn(3000), body: '{"message":"API rate limit exceeded for user"}' };
  const secondary = {
    status: 403,
    headers: { 'retry-after': '90' },
    body: '{"message":"You exceeded a secondary rate limit"}',
  };
  for (const answer of [primary, secondary]) {
    answers[ISSUES] = answer;
    expect(await failure()).toMatchObject({
      name: 'Sluice.Again',
      message: expect.stringMatching(/limits the rate (until 20|for 90 s)/),
    });
  }
  expect(asked()).toEqual([ISSUES, ISSUES]);
});

test('a body that is cut off is asked for again', async () => {
  answers[ISSUES] = [{ body: '[{"id":1},{"id":2}]', cut: true }, { body: '[{"id":1},{"id":2}]' }];
  expect(await extract()).toMatchObject({ rows: 2 });
});

test('an answer that does not come to its end is a failure that may pass, naming the request', async () => {
  const { timeout } = AbortSignal;
  const sooner = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / 300));
  answers[ISSUES] = [{ stalled: true }, { body: '[{"id":1}]' }];
  expect(await extract()).toMatchObject({ rows: 1 });
  answers[ISSUES] = { stalled: true };
  expect(await failure()).toMatchObject({
    name: 'Sluice.Transient',
    message: expect.stringMatching(/GET .*issues.*aborted due to timeout/),
  });
  expect(sooner.mock.calls).toEqual(Array.from({ length: 2 + 3 }, () => [30_000]));
  sooner.mockRestore();
});

test('a server that goes on failing is a failure that may pass, naming the request', async () => {
  answers[ISSUES] = { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad Gateway</html>' };
  expect(await failure()).toMatchObject({
    name: 'Sluice.Transient',
    message: expect.stringMatching(/GET .*issues.*Bad Gateway/),
  });
  expect(asked()).toHaveLength(3);
});

test('a body that ends too early without a sign of it is a failure that may pass', async () => {
  answers[ISSUES] = { body: '[{"id":1},{"id":2}' };
  expect(await failure()).toMatchObject({
    name: 'Sluice.Transient',
    message: expect.stringContaining(`${ISSUES}: it ends`),
  });
});

test('a row that does not meet the declaration is quarantined; more of them than allowed fail the task', async () => {
  answers[ISSUES] = { body: '[{"id":1,"title":"far too long for it"},{"id":2}]' };
  const { manifest, ...output } = await extract();
  expect(output).toMatchObject({ rows: 2, quarantined: 1 });
  const { quarantine, counts } = await readManifest(store, manifest);
  expect(counts).toEqual({ extracted: 2, staged: 1, quarantined: 1 });
  expect(await aws.lines(quarantine)).toEqual([
    '{"reason":"19 bytes of UTF-8, the column holds 10","column":"title","record":"{\\"id\\":1,\\"title\\":\\"far too long for it\\"}"}',
  ]);

  answers[ISSUES] = { body: '[{"id":null},{"id":1},{"id":"2"}]' };
  const error = await failure();
  expect(error).toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(
      /^2 of 3 records .*g\.issues, which allows 1\. The first: id: is null, and must not be\./,
    ),
  });
  const [key = ''] = /quarantine\/\S+\.gz/.exec((error as Error).message) ?? [];
  expect(await aws.lines([{ key }])).toHaveLength(2);
  expect(await aws.keys(key.replace('quarantine/', 'raw/').replace(/part.*/, ''))).toEqual([
    expect.stringMatching(/manifest\.json$/),
    expect.stringMatching(/part-00000\.ndjson\.gz$/),
  ]);
});

test('a list that leads on to another host is not followed there with the token', async () => {
  const elsewhere = await openGithub(() => ({ body: '[]' }));
  answers = { [ISSUES]: { headers: { link: `<${elsewhere.url}/2>; rel="next"` }, body: '[{"id":1}]' } };
  expect(await failure()).toMatchObject({ name: 'Sluice.Terminal', message: expect.stringContaining('leads on to') });
  expect(elsewhere.asked).toEqual([]);
  await elsewhere.close();
});
