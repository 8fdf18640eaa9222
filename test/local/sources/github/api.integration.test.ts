import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGitHub } from '#local/sources/github/index.ts';
import { openGitHub } from '../../../worlds/local/github-client.ts';

let opened: Awaited<ReturnType<typeof openGitHub>>;
beforeAll(async () => {
  opened = await openGitHub();
});
afterAll(() => opened.github.close());

const CORE = '/repos/astronomerio/core/issues';

test.each([1, 30, 77, 100])('%i objects a page, the links lead to every object once, in order', async (perPage) => {
  const pages = await opened.pages(`${CORE}?state=all&per_page=${perPage}`);
  const numbers = pages.flatMap(({ text }) => JSON.parse(text).map(({ number }: { number: number }) => number));
  expect(numbers).toEqual(Array.from({ length: 231 }, (_, n) => 231 - n));
  expect(pages).toHaveLength(Math.ceil(231 / perPage));
});

test('pages cannot be computed: links carry cursors and lead to the repository by id', async () => {
  const [first, second] = await opened.pages(`${CORE}?state=all`);
  expect(JSON.parse(first?.text ?? '')).toHaveLength(30);
  expect(second?.url).toMatch(/\/repositories\/\d+\/issues\?state=all&after=[\w-]{20,}$/);
  expect((await opened.get(`${CORE}?page=2`)).status).toBe(422);
  expect((await opened.get(`${CORE}?after=Y3Vyc29yOnYyOjM`)).status).toBe(422);
  expect(JSON.parse((await opened.pages(`${CORE}?per_page=500`))[0]?.text ?? '')).toHaveLength(100);
});

test('organisations, repositories and members are listed and found', async () => {
  const repositories = await opened.all('/orgs/astronomerio/repos?per_page=3');
  expect(repositories.length).toBe(8);
  const [first] = repositories;
  expect(await (await opened.get('/repos/AstronomerIO/Core')).json()).toEqual(first);
  expect(await (await opened.get(`/repositories/${first?.['id']}`)).json()).toEqual(first);
  expect(await (await opened.get('/orgs/airflow-plugins')).json()).toMatchObject({ type: 'Organization' });
  const members = await opened.pages('/orgs/astronomerio/members?per_page=10');
  expect(members.at(-1)?.url).toMatch(/\/organizations\/\d+\/members\?per_page=10&after=/);
  expect(await (await opened.get('/user')).json()).toMatchObject({ type: 'User' });
});

test('state, since and sort choose what is listed; open is the default', async () => {
  const open = await opened.all(`${CORE}?per_page=100`);
  const closed = await opened.all(`${CORE}?per_page=100&state=closed`);
  expect(open.length + closed.length).toBe(231);
  expect(new Set(open.map(({ state }) => state))).toEqual(new Set(['open']));
  const since = '2021-04-01T00:00:00Z';
  const recent = await opened.all(`${CORE}?state=all&since=${since}&sort=updated&direction=asc`);
  const times = recent.map(({ updated_at }) => updated_at as string);
  expect(times).toEqual(times.toSorted());
  expect(times.every((time) => time >= since)).toBe(true);
  const all = await opened.all(`${CORE}?state=all&per_page=100`);
  expect(recent.length).toBe(all.filter(({ updated_at }) => (updated_at as string) >= since).length);
});

test('a renamed repository answers 301, its query kept', async () => {
  const answer = await opened.get('/repos/astronomerio/command-line/issues?state=all&per_page=5');
  expect(answer.status).toBe(301);
  expect(answer.headers.get('location')).toMatch(/\/repositories\/\d+\/issues\?state=all&per_page=5$/);
  const moved = await opened.all(answer.headers.get('location') ?? '');
  expect(moved).toEqual(await opened.all('/repos/astronomerio/cli/issues?state=all'));
});

test('a conditional request answers 304 without a body and costs nothing of the limit', async () => {
  const first = await opened.get(CORE);
  const etag = first.headers.get('etag') ?? '';
  const remaining = Number(first.headers.get('x-ratelimit-remaining'));
  const again = await opened.get(CORE, { 'if-none-match': `W/${etag}` });
  expect([again.status, await again.text()]).toEqual([304, '']);
  expect(Number(again.headers.get('x-ratelimit-remaining'))).toBe(remaining);
  const changed = await opened.get(CORE, { 'if-none-match': '"other"' });
  expect(changed.status).toBe(200);
  expect(Number(changed.headers.get('x-ratelimit-remaining'))).toBe(remaining - 1);
  const limit = (await (await opened.get('/rate_limit')).json()) as { rate: { remaining: number } };
  expect(limit.rate.remaining).toBe(remaining - 1);
});

test('answers carry the headers that clients rely on', async () => {
  const { headers } = await opened.get('/orgs/astronomerio');
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(headers.get('x-github-request-id')).toMatch(/^[0-9A-F:]+$/);
  expect(headers.get('etag')).toMatch(/^"[0-9a-f]{64}"$/);
  const left = Number(headers.get('x-ratelimit-reset')) - Date.now() / 1000;
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(3600);
});

test.each([
  '/orgs/-nobody/repos',
  '/repos/astronomerio/none/issues',
  '/repos/a',
  '/orgs/astronomerio/teams',
  '/x',
  '/%zz',
])('%s is 404 in the shape of an error', async (path) => {
  const answer = await opened.get(path);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toEqual({
    message: 'Not Found',
    documentation_url: 'https://docs.github.com/rest',
    status: '404',
  });
});

test('an Authorization header is needed, and its token held against the one that is set', async () => {
  expect((await fetch(`${opened.github.url}/user`)).status).toBe(401);
  const strict = await startGitHub({ token: 'secret' });
  const status = async (authorization: string) =>
    (await fetch(`${strict.url}/user`, { headers: { authorization } })).status;
  expect(await status('token secret')).toBe(200);
  expect(await status('Bearer secret')).toBe(200);
  expect(await status('token other')).toBe(401);
  await strict.close();
});

test('every request is logged with its status', async () => {
  const fresh = await openGitHub();
  await fresh.get('/orgs/astronomerio/members?per_page=2');
  await fresh.get('/nothing');
  await fresh.github.close();
  expect(fresh.github.requests).toEqual([
    { method: 'GET', path: '/orgs/astronomerio/members?per_page=2', status: 200 },
    { method: 'GET', path: '/nothing', status: 404 },
  ]);
});
