/** The refresh of a token against a provider, cut off at each step, and by several attempts at once. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { secretConnections } from '#lambdas/runtime/connections.ts';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { openOAuth2 } from '#lambdas/sources/oauth2/open.ts';
import { tokenLockKey } from '#lib/runs/keys.ts';
import { s3Store } from '#lib/runs/store.ts';
import { type Rotation, type Strava, type StravaOptions, startStrava } from '#local/sources/strava/index.ts';
import { type Aws, BUCKET, openAws } from '../../../worlds/aws.ts';

const connection = { connection: 'strava', type: 'oauth2' } as const;
const ROTATIONS: readonly Rotation[] = ['none', 'lenient', 'strict'];

let aws: Aws;
let strava: Strava;
/** Of each test its own. */
let secretId: string;
const logged: unknown[] = [];

beforeAll(async () => {
  aws = await openAws();
});
beforeEach(() => {
  secretId = randomUUID();
  logged.length = 0;
});
afterEach(() => strava.close());
afterAll(() => aws.close());

async function start(options: StravaOptions = {}) {
  strava = await startStrava(options);
  aws.setSecret(secretId, JSON.stringify(strava.connect('strava')));
}
const secret = () => JSON.parse(aws.secrets.valueOf(secretId) ?? '') as Record<string, string>;
const refreshes = () => strava.requests.filter((request) => request.startsWith('POST')).length;
const store = () => s3Store({ client: aws.client, bucket: BUCKET });

/** An attempt, as far as a token needs it. */
function attempt(change: Partial<TaskContext> = {}) {
  const log = (...said: unknown[]) => void logged.push(said);
  const connections = secretConnections({ secrets: { strava: secretId } });
  const context = { connections, store: store(), log: { info: log, warn: log }, remaining: () => 900_000, ...change };
  return context as unknown as TaskContext;
}
const open = async (change?: Partial<TaskContext>) => (await openOAuth2(attempt(change), connection)).current().token;
const isTaken = async (token: string | undefined) =>
  (await fetch(`${strava.url}/api/v3/athlete/activities`, { headers: { authorization: `Bearer ${token}` } })).ok;

/** The lock that a killed attempt left is over. */
async function endLock() {
  const key = tokenLockKey({ connection: 'strava', secret: secretId });
  const found = await store().read(key);
  await store().replace(key, { ...found?.value, until: '2026-01-01T00:00:00.000Z' }, found?.etag ?? '');
}
/** An attempt that comes no further than to a call of its context. */
async function killedAt(name: 'refetch' | 'put' | 'release') {
  let reached = () => {};
  const there = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const dead = () => {
    reached();
    return new Promise<never>(() => {});
  };
  const { connections, store } = attempt();
  let refetched = 0;
  // The first one is before the lock.
  const refetch: typeof connections.refetch = (...of) =>
    name === 'refetch' && ++refetched === 2 ? dead() : connections.refetch(...of);
  void open({
    connections: { ...connections, refetch, ...(name === 'put' && { put: dead }) },
    store: { ...store, ...(name === 'release' && { replace: dead }) },
  });
  await there;
}

test.each(ROTATIONS)(
  'with rotation %s a token is refreshed when it ends, stored, and used by all until then',
  async (rotation) => {
    await start({ rotation });
    const first = await open();
    expect(await isTaken(first)).toBe(true);
    expect(await open()).toBe(first);
    expect(refreshes()).toBe(1);
    aws.setSecret(secretId, JSON.stringify({ ...secret(), expiresAt: new Date().toISOString() }));
    const second = await open();
    expect(second).not.toBe(first);
    expect(await isTaken(second)).toBe(true);
    expect(refreshes()).toBe(2);
  },
);

test.each(ROTATIONS)('with rotation %s attempts at once refresh once, and all have the token', async (rotation) => {
  await start({ rotation });
  const tokens = await Promise.all(Array.from({ length: 6 }, () => open()));
  expect(new Set(tokens)).toEqual(new Set([secret()['accessToken']]));
  expect(refreshes()).toBe(1);
});

test.each(ROTATIONS)('with rotation %s attempts whose token is refused at once refresh once', async (rotation) => {
  await start({ rotation });
  const opened = await Promise.all(Array.from({ length: 4 }, () => openOAuth2(attempt(), connection)));
  strava.expire();
  const renewed = await Promise.all(opened.map((one) => one.renew(true)));
  expect(renewed).toEqual(opened.map(() => ({ isFetched: true, isOther: true })));
  expect(await isTaken(opened[0]?.current().token)).toBe(true);
  expect(refreshes()).toBe(2);
  expect(await opened[0]?.renew(true)).toEqual({ isFetched: false, isOther: false });
});

test.each(ROTATIONS)(
  'with rotation %s an attempt that was killed before its request keeps nobody out',
  async (rotation) => {
    await start({ rotation });
    await killedAt('refetch');
    await endLock();
    expect(await isTaken(await open())).toBe(true);
  },
);

test.each(ROTATIONS)(
  'with rotation %s an attempt that was killed after it stored the token keeps nobody out',
  async (rotation) => {
    await start({ rotation });
    await killedAt('release');
    expect(await isTaken(await open())).toBe(true);
    expect(refreshes()).toBe(1);
    strava.expire();
    aws.setSecret(secretId, JSON.stringify({ ...secret(), expiresAt: new Date().toISOString() }));
    await endLock();
    expect(await isTaken(await open())).toBe(true);
  },
);

test.each(['none', 'lenient'] as const)(
  'with rotation %s an attempt that was killed between response and storing is made good by the next one',
  async (rotation) => {
    await start({ rotation });
    await killedAt('put');
    await endLock();
    expect(await isTaken(await open())).toBe(true);
    expect(refreshes()).toBe(2);
  },
);

test('where the provider takes a refresh token once only, that one says that access must be granted anew', async () => {
  await start({ rotation: 'strict' });
  await killedAt('put');
  await endLock();
  await expect(open()).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(/was cut off while it refreshed.*npx sluice connection authorize strava$/),
  });
  aws.setSecret(secretId, JSON.stringify(strava.connect('strava')));
  expect(await isTaken(await open())).toBe(true);
});

test('a token that could not be stored at once is stored, and not lost', async () => {
  await start();
  const { connections } = attempt();
  let failures = 0;
  const put: typeof connections.put = (...of) =>
    ++failures === 1 ? Promise.reject(new Error('ThrottlingException')) : connections.put(...of);
  expect(await open({ connections: { ...connections, put } })).toBe(secret()['accessToken']);
});

test('what the provider refuses is told without any token, and so is what is logged', async () => {
  await start();
  const before = secret();
  await open();
  aws.setSecret(secretId, JSON.stringify({ ...before, refreshToken: 'revoked-refresh-token' }));
  const error = await open().catch((thrown: Error) => thrown as Error);
  expect(error).toMatchObject({ name: 'Sluice.Terminal', message: expect.stringContaining('RefreshToken') });
  const said = JSON.stringify([error, (error as Error).message, logged]);
  for (const one of ['revoked-refresh-token', before['refreshToken'], before['clientSecret'], secret()['accessToken']])
    if (one !== undefined) expect(said).not.toContain(one);
});

test('with too little time to store a token none is requested', async () => {
  await start();
  await expect(open({ remaining: () => 10_000 })).rejects.toMatchObject({ name: 'Sluice.Again' });
  expect(refreshes()).toBe(0);
});

test('a provider that fails may pass', async () => {
  await start();
  aws.setSecret(secretId, JSON.stringify({ ...secret(), tokenUrl: 'http://127.0.0.1:9/oauth/token' }));
  await expect(open()).rejects.toMatchObject({ name: 'Sluice.Transient' });
  aws.setSecret(secretId, JSON.stringify({ ...secret(), tokenUrl: 'http://example.com/oauth/token' }));
  await expect(open()).rejects.toMatchObject({ message: expect.stringContaining('only requests to HTTPS') });
});
