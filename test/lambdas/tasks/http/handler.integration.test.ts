import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler } from '#tasks/http/handler.ts';
import { eventOf } from '../../../worlds/events.ts';
import { api, type HttpApi, json, openHttpApi } from '../../../worlds/http-api.ts';

let server: HttpApi;
beforeAll(async () => {
  server = await openHttpApi();
});
afterAll(() => server.close());

const ask = (input: object) => handler(eventOf({ connection: api, path: '/things', ...input }));
const refusal = (input: object) => ask(input).catch((error: Error) => ({ name: error.name, message: error.message }));

test('a request goes below the base URL with the headers of the connection; its JSON answer is the output', async () => {
  server.answers(json(201, { id: 7 }));
  const body = { at: ['x', null], big: 1.5 };
  const query = { page: 2, q: 'a b&c', all: true };
  expect(await ask({ method: 'POST', query, headers: { 'X-Own': 'mine' }, body })).toEqual({
    status: 201,
    body: { id: 7 },
  });
  expect(server.received).toMatchObject([
    { method: 'POST', url: '/v1/things?page=2&q=a+b%26c&all=true', body: JSON.stringify(body) },
  ]);
  expect(server.received[0]?.headers).toMatchObject({
    authorization: 'Bearer pass-word',
    'content-type': 'application/json',
    'user-agent': 'sluice',
    'x-own': 'mine',
  });
});

test('without a method it is a GET; an answer that is no JSON is its text, and an empty one is null', async () => {
  server.answers((_, response) => response.end('plain'));
  expect(await ask({ path: 'things?own=1' })).toEqual({ status: 200, body: 'plain' });
  expect(server.received).toMatchObject([{ method: 'GET', url: '/v1/things?own=1', body: '' }]);
  server.answers((_, response) => response.writeHead(204).end());
  expect(await ask({ method: 'DELETE' })).toEqual({ status: 204, body: null });
});

test('what may have an effect carries a key that is the same for all attempts of a run’s task', async () => {
  server.answers(json(503, 'busy'), json(200, {}));
  const event = eventOf({ connection: api, path: '/things', method: 'POST', body: {} });
  await expect(handler(event)).rejects.toMatchObject({ name: 'Sluice.Transient' });
  await handler({ ...event, task: { ...event.task, attempt: 2 } });
  await handler({ ...event, task: { id: 'another', attempt: 1 } });
  const keys = server.received.map(({ headers }) => headers['idempotency-key']);
  expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
  expect([keys[1] === keys[0], keys[2] === keys[0]]).toEqual([true, false]);
  server.answers(json(200, {}));
  await ask({});
  expect(server.received[0]?.headers).not.toHaveProperty('idempotency-key');
});

test.for([408, 425, 429, 500, 503])('%i may pass by itself', async (status) => {
  server.answers(json(status, { error: 'later' }));
  expect(await refusal({})).toEqual({
    name: 'Sluice.Transient',
    message: expect.stringMatching(
      /^GET http:\/\/127\.0\.0\.1:\d+\/v1\/things over connection 'api' was answered with \d+ [\w ()]+: \{"error":"later"\}$/i,
    ),
  });
});

test.for([400, 403, 404, 409, 422])('%i is terminal, and names the request and what came back', async (status) => {
  server.answers(json(status, { error: 'no pass-word here', more: 'x'.repeat(2000) }));
  const { name, message } = (await refusal({})) as Error;
  expect(name).toBe('Sluice.Terminal');
  expect(message).toContain(`was answered with ${status}`);
  expect(message).toContain('no *** here');
  expect(message.length).toBeLessThan(800);
});

test('after a 401 the secret is fetched anew, once', async () => {
  const rotated: ReturnType<typeof json> = (...given) => {
    server.setSecret({ baseUrl: `${server.url}/v1`, headers: { authorization: 'Bearer new' } });
    json(401, {})(...given);
  };
  server.answers(rotated, json(200, { ok: true }));
  expect(await ask({})).toMatchObject({ body: { ok: true } });
  expect(server.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer pass-word', 'Bearer new']);
  server.answers(json(401, {}));
  expect(await refusal({})).toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(/ What it may do follows from the headers in the secret \S+\.$/),
  });
  expect(server.received).toHaveLength(2);
});

test('a short Retry-After is waited for, as seconds or as a date; a long one outside of the Lambda', async () => {
  const soon = () => new Date(Date.now() + 1500).toUTCString();
  server.answers(json(429, {}, { 'retry-after': '1' }), json(503, {}, { 'retry-after': soon() }), json(200, { n: 3 }));
  const before = Date.now();
  expect(await ask({})).toMatchObject({ body: { n: 3 } });
  expect(Date.now() - before).toBeGreaterThan(1500);
  server.answers(json(429, {}, { 'retry-after': '61' }));
  expect(await refusal({})).toMatchObject({
    name: 'Sluice.Again',
    message: expect.stringContaining('asks for a wait of 61 s'),
  });
});

test('nobody who listens, a connection that breaks off and an answer that does not come may pass by themselves', async () => {
  server.answers((_, response) => response.destroy());
  expect(await refusal({})).toMatchObject({ name: 'Sluice.Transient' });
  server.answers(() => {});
  const event = eventOf({ connection: api, path: '/things' });
  await expect(handler(event, { getRemainingTimeInMillis: () => 10_500 })).rejects.toMatchObject({
    name: 'Sluice.Transient',
    message: expect.stringMatching(/failed: no answer within \d s\.$/),
  });
  server.answers((_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"cut":'));
  expect(await refusal({})).toMatchObject({
    name: 'Sluice.Transient',
    message: expect.stringContaining('says that it is JSON, and is not'),
  });
});

test('an answer that is too large for an output is terminal, and is not read to its end', async () => {
  server.answers(json(200, { text: 'x'.repeat(9000) }));
  expect(await refusal({})).toMatchObject({ message: expect.stringContaining('return a pointer') });
  server.answers((_, response) => {
    const more = () => {
      while (response.write('x'.repeat(65_536)));
      response.once('drain', more);
    };
    more();
  });
  expect(await refusal({})).toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringContaining('more than 1048576 bytes'),
  });
});

test('a redirect to the same origin is followed for a GET; no header goes to another origin', async () => {
  const to = (location: string) => json(302, {}, { location });
  server.answers(to('/v1/other'), json(200, { there: true }));
  expect(await ask({})).toMatchObject({ body: { there: true } });
  expect(server.received.map(({ url }) => url)).toEqual(['/v1/things', '/v1/other']);
  server.answers(to('/v1/other'));
  expect(await refusal({})).toMatchObject({ message: expect.stringContaining('the redirect after 5 others') });
  expect(await refusal({ method: 'POST' })).toMatchObject({ message: expect.stringContaining('Only GET and HEAD') });

  let reached = false;
  const stranger = createServer((_, response) => {
    reached = true;
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => stranger.once('listening', resolve));
  server.answers(to(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}/v1/things`));
  expect(await refusal({})).toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringContaining("The connection's headers are not sent there"),
  });
  stranger.close();
  expect(reached).toBe(false);
});

test('what cannot be sent is told without sending it', async () => {
  server.answers(json(200, {}));
  expect(await refusal({ body: {} })).toEqual({
    name: 'Sluice.Terminal',
    message: 'A GET has no body. Give the task another method, or no body.',
  });
  expect(await refusal({ headers: { 'x-own': 'two\nlines' } })).toMatchObject({
    message: expect.stringContaining("The header 'x-own' cannot be sent"),
  });
  expect(server.received).toEqual([]);
});
