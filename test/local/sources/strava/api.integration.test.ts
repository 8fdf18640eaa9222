import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { type Activity, type Strava, type StravaOptions, startStrava } from '#local/sources/strava/index.ts';

let strava: Strava;
afterEach(() => strava.close());

const refresh = async ({ tokenUrl, clientId, clientSecret, refreshToken }: ReturnType<Strava['connect']>) => {
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: clientId,
    client_secret: clientSecret,
    refresh_token: refreshToken,
  });
  const response = await fetch(tokenUrl, { method: 'POST', body });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
};
async function open(options: StravaOptions = {}, name = 'strava') {
  strava = await startStrava(options);
  return access(name);
}
/** What an athlete's token reads. */
async function access(name: string) {
  const { body } = await refresh(strava.connect(name));
  const headers = { authorization: `Bearer ${body['access_token']}` };
  return (query = '', more: Record<string, string> = {}) =>
    fetch(`${strava.url}/api/v3/athlete/activities${query}`, { headers: { ...headers, ...more } });
}
const listOf = async (response: Promise<Response>) => (await (await response).json()) as Activity[];

test('pages have 30 activities, or as many as are asked for up to 200, the newest first', async () => {
  const get = await open();
  expect(await listOf(get())).toHaveLength(30);
  const first = await listOf(get('?per_page=500'));
  expect(first).toHaveLength(200);
  const times = first.map(({ start_date }) => start_date);
  expect(times).toEqual(times.toSorted().reverse());
  const second = await listOf(get('?per_page=200&page=2'));
  expect(new Set([...first, ...second].map(({ id }) => id)).size).toBe(240);
  expect(await listOf(get('?per_page=200&page=3'))).toEqual([]);
});

test('with after come those that began later, the oldest first', async () => {
  const get = await open();
  const all = await listOf(get('?per_page=200'));
  const at = all[50] as Activity;
  const later = await listOf(get(`?per_page=200&after=${Date.parse(at.start_date) / 1000}`));
  expect(later.map(({ id }) => id)).toEqual(
    all
      .slice(0, 50)
      .map(({ id }) => id)
      .reverse(),
  );
});

test('the same seed gives the same, and each name is another athlete', async () => {
  const first = await listOf((await open())());
  const other = await listOf((await access('strava-ann'))());
  expect(other[0]?.athlete.id).not.toBe(first[0]?.athlete.id);
  await strava.close();
  expect(await listOf((await open())())).toEqual(first);
});

test.each([
  ['none', 200, 200],
  ['lenient', 200, 200],
  ['strict', 400, 200],
] as const)('with rotation %s a used refresh token is answered with %i', async (rotation, again, next) => {
  strava = await startStrava({ rotation });
  const client = strava.connect('strava');
  const { body } = await refresh(client);
  expect((await refresh(client)).status).toBe(again);
  expect((await refresh({ ...client, refreshToken: body['refresh_token'] ?? '' })).status).toBe(next);
  if (rotation === 'lenient') expect((await refresh(client)).status).toBe(400);
});

test('who has no token, a wrong or an old one is refused', async () => {
  const get = await open();
  strava.expire();
  expect((await get()).status).toBe(401);
  expect((await get('', { authorization: 'Bearer wrong' })).status).toBe(401);
  expect((await refresh({ ...strava.connect('strava'), clientSecret: 'wrong' })).status).toBe(401);
});

test('limits are told, and what goes over them is answered with 429', async () => {
  const get = await open({ limits: { quarter: 2 } });
  const responses = [await get(), await get(), await get()];
  expect(responses.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(responses[1]?.headers.get('x-ratelimit-limit')).toBe('2,2000');
  expect(responses[1]?.headers.get('x-readratelimit-usage')).toBe('2,2');
});

test('what is edited or deleted is so for the next request, and what is not has its ETag', async () => {
  const get = await open();
  const response = await get();
  const etag = response.headers.get('etag') ?? '';
  const [first, second] = (await response.json()) as [Activity, Activity];
  expect((await get('', { 'if-none-match': etag })).status).toBe(304);
  strava.change((all) =>
    all.filter(({ id }) => id !== first.id).map((one) => (one.id === second.id ? { ...one, name: 'New' } : one)),
  );
  const [now] = await listOf(get('', { 'if-none-match': etag }));
  expect(now).toMatchObject({ id: second.id, name: 'New' });
});

test('a folder is served as it is now, its numbers as they are written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'strava-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const write = (text: string) => writeFileSync(join(folder, 'activities.json'), text);
  write('[{"id":12345678901234567890,"athlete":{"id":7},"start_date":"2025-01-01T00:00:00Z","distance":0.0}]');
  const get = await open({ source: folder });
  expect(await (await get()).text()).toContain('"id":12345678901234567890,');
  expect(await (await get()).text()).toContain('"distance":0.0');
  write('[]');
  expect(await listOf(get())).toEqual([]);
  rmSync(join(folder, 'activities.json'));
  await expect(startStrava({ source: folder })).rejects.toThrow('there is no <name>.json');
});
