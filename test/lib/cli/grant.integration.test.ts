/** The first grant, with the stand-in in place of the provider and `fetch` in place of the person's browser. */
import { afterEach, expect, test } from 'vitest';
import type { Provider } from '#lambdas/sources/descriptor.ts';
import { requestGrant } from '#lib/cli/deployment/grant.ts';
import { type Strava, startStrava } from '#local/sources/strava/index.ts';

let strava: Strava;
afterEach(() => strava.close());

const providerOf = ({ url }: Strava, hasPkce: boolean): Provider => ({
  baseUrl: `${url}/api/v3`,
  authorizationUrl: `${url}/oauth/authorize`,
  tokenUrl: `${url}/oauth/token`,
  scope: 'activity:read_all',
  parameters: { approval_prompt: 'auto' },
  hasPkce,
});
/** Grants with what the person's browser does with the URL. */
function grant(hasPkce: boolean, browse: (url: string) => unknown) {
  const { clientId, clientSecret } = strava.connect('strava');
  return requestGrant({ provider: providerOf(strava, hasPkce), clientId, clientSecret, port: 0, show: browse });
}
const redirectOf = (url: string) => new URL(new URL(url).searchParams.get('redirect_uri') ?? '');

test.each([true, false])('a person agrees, and the secret that comes of it reads the API (PKCE: %s)', async (pkce) => {
  strava = await startStrava({ pkce });
  const urls: string[] = [];
  const secret = (await grant(pkce, (url) => urls.push(url) && fetch(url))) as Record<string, string>;
  expect(Object.keys(secret).sort()).toEqual(
    ['accessToken', 'baseUrl', 'clientId', 'clientSecret', 'expiresAt', 'refreshToken', 'tokenUrl'].sort(),
  );
  const query = new URL(urls[0] ?? '').searchParams;
  expect(redirectOf(urls[0] ?? '').hostname).toBe('127.0.0.1');
  expect(query.get('approval_prompt')).toBe('auto');
  expect(query.has('code_challenge')).toBe(pkce);
  const authorization = `Bearer ${secret['accessToken']}`;
  expect((await fetch(`${secret['baseUrl']}/athlete/activities`, { headers: { authorization } })).status).toBe(200);
});

test('a provider that wants PKCE refuses who comes without', async () => {
  strava = await startStrava({ pkce: true });
  const answers: number[] = [];
  void grant(false, async (url) => answers.push((await fetch(url)).status)).catch(() => {});
  await expect.poll(() => answers).toEqual([400]);
});

test.each([
  ['error=access_denied', 'access_denied'],
  ['code=any', 'did not grant access'],
])('who comes back with %s has not granted access, and nobody else can in their place', async (answer, message) => {
  strava = await startStrava();
  const granted = grant(false, (url) => {
    const back = redirectOf(url);
    const state = answer.startsWith('error') ? new URL(url).searchParams.get('state') : 'of-another';
    back.search = `?${answer}&state=${state}`;
    return fetch(back);
  });
  await expect(granted).rejects.toMatchObject({ name: 'UsageError', message: expect.stringContaining(message) });
  expect(strava.requests.filter((request) => request.includes('/oauth/token'))).toEqual([]);
});

test('a code that the provider does not take is told with what it answered', async () => {
  strava = await startStrava();
  const granted = grant(false, (url) => {
    const back = redirectOf(url);
    back.search = `?code=wrong&state=${new URL(url).searchParams.get('state')}`;
    return fetch(back);
  });
  await expect(granted).rejects.toMatchObject({ message: expect.stringMatching(/answered 400.*AuthorizationCode/) });
});
