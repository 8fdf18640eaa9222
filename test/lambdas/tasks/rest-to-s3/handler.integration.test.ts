import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Run } from '#lib/contract/envelope.ts';
import { ERROR } from '#lib/contract/error-names.ts';
import type { Table } from '#lib/contract/table.ts';
import { handler } from '#tasks/rest-to-s3/handler.ts';
import { eventOf, someRun } from '../../../worlds/events.ts';
import { contentOf } from '../../../worlds/extract-content.ts';
import { api, type HttpApi, json, openHttpApi } from '../../../worlds/http-api.ts';
import { dayOf } from '../../../worlds/loading.ts';
import { describeFunction } from '../../../worlds/task-services.ts';

const TABLE: Table = {
  name: 'shop.orders',
  columns: [{ name: 'id', type: 'int8', notNull: true }],
  primaryKey: ['id'],
};
const to = { kind: 'lake', dataset: 'orders', table: TABLE.name };

let http: HttpApi;
beforeAll(async () => {
  http = await openHttpApi();
  const connections = process.env['SLUICE_CONNECTIONS'];
  describeFunction(http.aws, [TABLE]);
  process.env['SLUICE_CONNECTIONS'] = connections;
});
afterAll(() => http.close());
beforeEach(() => {
  http.answers();
  http.setSecret({ baseUrl: `${http.url}/v1/` });
});

const extract = (rest: object = {}, run: Run = someRun()) =>
  handler(eventOf({ connection: api, path: 'orders', to, ...rest }, { run }));
const failure = async (rest: object = {}) => (await extract(rest).catch((thrown: Error) => thrown)) as Error;
const idsOf = async ({ manifest }: { readonly manifest: string }) => {
  const { raw } = await contentOf(http.aws, manifest);
  return raw.lines.map((line) => (JSON.parse(line) as { id: number }).id);
};
const asked = () => http.received.map(({ url }) => url);
const rows = (...ids: number[]) => ids.map((id) => ({ id }));

test('a list of one page is taken as it was sent', async () => {
  http.answers((_, response) => response.end('[{"id":1,  "b":1.0},\n {"id":2}]'));
  const extracted = await extract();
  expect((await contentOf(http.aws, extracted.manifest)).raw.lines).toEqual(['{"id":1,  "b":1.0}', '{"id":2}']);
  expect(asked()).toEqual(['/v1/orders']);
});

test.for<readonly [string, object, readonly unknown[], readonly string[]]>([
  [
    'page number, until a page is empty',
    { pages: { by: 'page', parameter: 'p' }, query: { size: 2 } },
    [rows(1, 2), rows(3), []],
    ['/v1/orders?size=2', '/v1/orders?size=2&p=2', '/v1/orders?size=2&p=3'],
  ],
  [
    'page number from another one on',
    { pages: { by: 'page', parameter: 'p', first: 0 } },
    [rows(1, 2), rows(3), []],
    ['/v1/orders', '/v1/orders?p=1', '/v1/orders?p=2'],
  ],
  [
    'offset',
    { pages: { by: 'offset', parameter: 'skip' }, records: 'items' },
    [{ items: rows(1, 2) }, { items: rows(3) }, { items: null }],
    ['/v1/orders', '/v1/orders?skip=2', '/v1/orders?skip=3'],
  ],
  [
    'cursor',
    { pages: { by: 'cursor', at: 'meta.next', parameter: 'after' }, records: 'data.items' },
    [
      { meta: { next: 'a&b' }, data: { items: rows(1, 2) } },
      { meta: { next: 9007199254740993n }, data: { items: rows() } },
      { data: { items: rows(3) }, meta: { next: '' } },
    ],
    ['/v1/orders', '/v1/orders?after=a%26b', '/v1/orders?after=9007199254740993'],
  ],
  [
    'URL in the body',
    { pages: { by: 'cursor', at: 'next' }, records: 'results' },
    [
      { results: rows(1, 2), next: '/v1/orders?from=2' },
      { results: rows(3), next: null },
    ],
    ['/v1/orders', '/v1/orders?from=2'],
  ],
])('a list goes on by %s', async ([, rest, pages, urls]) => {
  const text = (page: unknown) =>
    JSON.stringify(page, (_, value) => (typeof value === 'bigint' ? `#${value}#` : value)).replaceAll(/"#|#"/g, '');
  http.answers(
    ...pages.map((page) => (_: unknown, response: { end(text: string): unknown }) => response.end(text(page))),
  );
  expect(await idsOf(await extract(rest))).toEqual([1, 2, 3]);
  expect(asked()).toEqual(urls);
});

test('a list goes on by its Link header', async () => {
  http.answers(json(200, rows(1, 2), { link: '</v1/orders?next=1>; rel="next"' }), json(200, rows(3)));
  expect(await idsOf(await extract({ pages: { by: 'link' } }))).toEqual([1, 2, 3]);
  expect(asked()).toEqual(['/v1/orders', '/v1/orders?next=1']);
});

test.for<readonly [string, object, string | undefined]>([
  ['nothing', {}, undefined],
  ['a bearer token', { token: 't-1' }, 'Bearer t-1'],
  ['basic', { basic: { username: 'ann', password: 'pass' } }, `Basic ${btoa('ann:pass')}`],
  ['a header', { headers: { authorization: 'Key k-1' } }, 'Key k-1'],
])('requests carry %s, as the connection says', async ([, secret, header]) => {
  http.setSecret({ baseUrl: http.url, ...secret });
  http.answers(json(200, []));
  await extract();
  expect(http.received[0]?.headers.authorization).toBe(header);
});

test('a token that is not taken is fetched anew, once', async () => {
  http.setSecret({ baseUrl: http.url, token: 'old' });
  const answer = (
    { headers }: { headers: { authorization?: string | undefined } },
    response: Parameters<ReturnType<typeof json>>[1],
  ) => {
    http.setSecret({ baseUrl: http.url, token: 'new' });
    const isNew = headers.authorization === 'Bearer new';
    json(isNew ? 200 : 401, isNew ? rows(1) : {})({} as never, response);
  };
  http.answers(answer);
  expect(await extract()).toMatchObject({ rows: 1 });
  http.answers(json(401, { message: 'no' }));
  expect(await failure()).toMatchObject({ name: ERROR.terminal, message: expect.stringContaining('api-secret') });
  expect(http.received).toHaveLength(2);
});

test.for<readonly [string, object, object | undefined, string, string]>([
  ['no such field', { records: 'data.items' }, { data: {} }, ERROR.terminal, "has no 'data.items'"],
  ['a page that is no list', {}, { id: 1 }, ERROR.transient, 'no JSON array'],
  [
    'a cursor that is none',
    { pages: { by: 'cursor', at: 'next', parameter: 'c' }, records: 'data' },
    { data: [], next: { a: 1 } },
    ERROR.terminal,
    'does not say where it goes on',
  ],
  [
    'a cursor that stays the same',
    { pages: { by: 'cursor', at: 'next', parameter: 'c' }, records: 'data' },
    { data: rows(1), next: 'x' },
    ERROR.terminal,
    'would never end',
  ],
  [
    'a page number that the API does not know',
    { pages: { by: 'page', parameter: 'p' } },
    rows(1),
    ERROR.terminal,
    "it may not know 'p'",
  ],
  [
    'an offset that the API does not know',
    { pages: { by: 'offset', parameter: 'skip' }, records: 'data' },
    { data: rows(1, 2) },
    ERROR.terminal,
    "it may not know 'skip'",
  ],
])('%s is an error that says so', async ([, rest, body, name, message]) => {
  http.answers(json(200, body));
  expect(await failure(rest)).toMatchObject({ name, message: expect.stringContaining(message) });
});

test.for([
  '{"data":[{"id":1}],"next":',
  '{"data":[{"id":1}],"ne',
  '{"data":[{"id":1}]',
  '{"data":[{"id":1}],"a":{}',
  '',
  '<html>',
])('a body that is cut off behind its records is not the last page: %s', async (body) => {
  http.answers((_, response) => response.end(body));
  const rest = { pages: { by: 'cursor', at: 'next' }, records: 'data' };
  expect(await failure(rest)).toMatchObject({
    name: ERROR.transient,
    message: expect.stringContaining('no whole JSON'),
  });
});

test('what may pass is asked for again, and what is refused is not', async () => {
  http.answers(json(503, {}), (_, response) => response.destroy(), json(200, rows(1)));
  expect(await extract()).toMatchObject({ rows: 1 });
  for (const [status, name] of [
    [404, ERROR.terminal],
    [403, ERROR.terminal],
    [500, ERROR.transient],
  ] as const) {
    http.answers(json(status, { message: 'because' }));
    expect(await failure()).toMatchObject({ name, message: expect.stringMatching(`${status}.*because`) });
    expect(http.received).toHaveLength(status === 500 ? 3 : 1);
  }
});

test('a limit that lasts is waited for outside of the function, and the next attempt goes on behind its last page', async () => {
  const run = someRun();
  const rest = { pages: { by: 'page', parameter: 'p' }, limits: [{ remaining: 'x-left', reset: 'x-reset' }] };
  const soon = String(Math.ceil(Date.now() / 1000) + 3600);
  http.answers(json(200, rows(1), { 'x-left': '0', 'x-reset': soon }));
  await expect(extract(rest, run)).rejects.toMatchObject({ name: ERROR.again });
  http.answers(json(200, rows(9)));
  await expect(extract(rest, run)).rejects.toMatchObject({ name: ERROR.again });
  expect(http.received).toHaveLength(0);
});

test('a 429 is waited for as long as it says, a short one in the function', async () => {
  http.answers(json(429, {}, { 'retry-after': '1' }), json(200, rows(1)));
  expect(await extract()).toMatchObject({ rows: 1 });
  http.answers(json(429, {}, { 'retry-after': '3600' }));
  expect(await failure()).toMatchObject({ name: ERROR.again });
});

test('an attempt goes on behind the last page of the one before', async () => {
  const run = someRun();
  const rest = { pages: { by: 'page', parameter: 'p' } };
  http.answers(json(200, rows(1)), json(500, {}));
  await expect(extract(rest, run)).rejects.toMatchObject({ name: ERROR.transient });
  http.answers(json(200, rows(2)), json(200, []));
  expect(await idsOf(await extract(rest, run))).toEqual([1, 2]);
  expect(asked()).toEqual(['/v1/orders?p=2', '/v1/orders?p=3']);
});

test('a page that has not changed since the run before is not sent again', async () => {
  const run = someRun();
  const rest = { pages: { by: 'page', parameter: 'p' } };
  const etag = { etag: '"1"' };
  http.answers(json(200, rows(1, 2), etag), json(200, []), json(304, {}));
  await extract(rest, dayOf(1, run));
  http.answers(json(304, {}), json(200, []), json(304, {}));
  expect(await idsOf(await extract(rest, dayOf(2, run)))).toEqual([1, 2]);
  expect(http.received[0]?.headers['if-none-match']).toBe('"1"');
});

test('what changed since a run is asked for, with a lag, once that run has read the list', async () => {
  const run = someRun();
  const since = { at: '2026-11-01T00:00:00Z', lag: '1d', parameter: 'since', as: 'seconds' };
  http.answers(json(200, rows(1)));
  await extract({ since }, dayOf(1, run));
  expect(asked()).toEqual(['/v1/orders']);
  http.answers(json(200, rows(1)));
  await extract({ since }, dayOf(2, run));
  expect(asked()).toEqual([`/v1/orders?since=${Date.parse('2026-10-31T00:00:00Z') / 1000}`]);
});

test('a list sorted by a time is read down to an instant', async () => {
  const run = someRun();
  const rest = { pages: { by: 'page', parameter: 'p' } };
  const at = (id: number, day: number) => ({ id, updated: { at: `2026-10-${day}T00:00:00Z` } });
  const since = { at: '2026-11-01T00:00:00Z', lag: '3d', field: 'updated.at' };
  http.answers(json(200, [at(1, 31)]), json(200, [at(2, 30), at(3, 20)]), json(200, []));
  await extract({ ...rest, since }, dayOf(1, run));
  expect(http.received).toHaveLength(3);
  http.answers(json(200, [at(1, 31)]), json(200, [at(2, 30), at(3, 20)]), json(500, []));
  expect(await idsOf(await extract({ ...rest, since }, dayOf(2, run)))).toEqual([1, 2, 3]);
  http.answers(json(200, rows(1)));
  const wrong = await extract({ ...rest, since: { ...since, at: '2026-11-02T00:00:00Z' } }, dayOf(3, run)).catch(
    (e) => e,
  );
  expect(wrong).toMatchObject({
    name: ERROR.terminal,
    message: expect.stringContaining("no time of ISO 8601 in 'updated.at'"),
  });
});
