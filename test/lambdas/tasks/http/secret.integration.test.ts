import { afterEach, expect, test, vi } from 'vitest';
import { eventOf } from '../../../worlds/events.ts';
import { api, type HttpApi, openHttpApi } from '../../../worlds/http-api.ts';

let server: HttpApi;
afterEach(() => server.close());

/** In an execution environment that has not fetched the secret yet. */
async function refusalWith(secret: object) {
  vi.resetModules();
  server = await openHttpApi();
  server.setSecret(secret);
  const { handler } = await import('#tasks/http/handler.ts');
  return handler(eventOf({ connection: api, path: '/' })).catch((error: Error) => error);
}

test('a connection that is not set is told with the command that sets it', async () => {
  expect(await refusalWith({})).toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(/is not set\. Set it: npx sluice connection set \w+ '\{"baseUrl":"…"\}'/),
  });
});

test.for(['https://user:pass@example.com', 'https://example.com?key=pass', 'ftp://example.com/pass', 'pass'])(
  'the base URL %s is refused, without being told',
  async (baseUrl) => {
    expect(await refusalWith({ baseUrl })).toMatchObject({
      name: 'Sluice.Terminal',
      message: expect.stringMatching(/^(?!.*pass).*baseUrl: expected an http or https URL without user/),
    });
  },
);
