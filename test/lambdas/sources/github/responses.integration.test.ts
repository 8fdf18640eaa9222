/** What becomes of every kind of response that a list may get, whatever its content type and body. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { githubPages } from '#lambdas/sources/github/pages.ts';
import { someRun } from '../../../worlds/events.ts';
import { type Answer, type Github, openGithub } from '../../../worlds/github.ts';

const connection = { connection: 'hub', type: 'github' } as const;
const needs = 'read access to the members';

/** By the number in the query. */
const cases: Answer[] = [];
let github: Github;
beforeAll(async () => {
  github = await openGithub(({ path }) => cases[Number(new URL(path, 'http://x').searchParams.get('case'))] ?? {});
});
afterAll(() => github.close());

async function pagesOf(answer: Answer) {
  const secret = { token: 'ghp_secret', baseUrl: github.url };
  const context = {
    run: someRun(),
    store: { read: async () => undefined, create: async () => ({ written: true }) },
    connections: { secretId: () => 'hub-secret', get: async () => secret, refetch: async () => secret },
    log: { warn: () => {}, debug: () => {}, info: () => {} },
  } as unknown as TaskContext;
  const number = cases.push(answer) - 1;
  const pages: { url: string; text: string; status: number }[] = [];
  const list = { connection, path: '/orgs/o/members', query: { case: String(number) }, needs };
  for await (const { records, ...page } of githubPages(context, list))
    pages.push({ ...page, text: `[${records.map((record) => new TextDecoder().decode(record)).join(',')}]` });
  return pages;
}

const TYPES = [
  undefined,
  'application/json; charset=utf-8',
  'application/octet-stream',
  'application/xml',
  'image/png',
  'text/html; charset=iso-8859-1',
  'no type at all;;',
];
const BODIES = ['', '{"message":"Said so"}', '\u0000\u0001 no JSON', 'null', '[]'];

/** Of the statuses that mean no list. */
const NAMES: Record<string, readonly number[]> = {
  'Sluice.Terminal': [300, 301, 303, 308, 400, 401, 403, 404, 410, 418, 422, 451],
  'Sluice.Transient': [201, 202, 204, 205, 206, 304, 408, 425, 500, 502, 503, 599],
  'Sluice.Again': [429],
};
const STATUSES = Object.entries(NAMES).flatMap(([name, statuses]) => statuses.map((status) => ({ status, name })));

test.concurrent.each(STATUSES)(
  '$status is $name with request, connection and needed access, whatever the content type and the body',
  async ({ status, name }) => {
    const given = TYPES.map((type, at) => ({ type, body: BODIES[(at + status) % BODIES.length] ?? '' }));
    const failures = await Promise.all(
      given.map(({ type, body }) =>
        pagesOf({
          status,
          body: [204, 205, 304].includes(status) ? '' : body,
          headers: {
            ...(type !== undefined && { 'content-type': type }),
            ...(status === 429 && { 'retry-after': '3600' }),
          },
        }).catch((error: unknown) => error),
      ),
    );
    const named = new RegExp(`GET ${github.url}/orgs/o/members\\?.* over connection 'hub'.*${status}`, 's');
    for (const failure of failures) {
      expect(failure).toMatchObject({ name, message: expect.stringMatching(named) });
      if (status !== 429) expect((failure as Error).message).toContain(needs);
      expect((failure as Error).message).not.toMatch(/TypeError|is not a function|ghp_secret/);
    }
  },
  60_000,
);

test('a list is taken whatever content type it has', async () => {
  for (const type of TYPES) {
    const headers = type === undefined ? {} : { 'content-type': type };
    expect(await pagesOf({ body: '[{"id":1.0}]', headers })).toMatchObject([{ status: 200, text: '[{"id":1.0}]' }]);
  }
});

test('a limit that says when it ends as a date is kept until then', async () => {
  const until = new Date(Math.ceil(Date.now() / 1000) * 1000 + 7_200_000);
  const failure = await pagesOf({ status: 429, headers: { 'retry-after': until.toUTCString() } }).catch(
    (error) => error,
  );
  expect(failure).toMatchObject({ name: 'Sluice.Again' });
  expect(Math.abs(failure.until.getTime() - until.getTime())).toBeLessThan(2000);
});

test.each([301, 302, 307, 308])(
  'a %i to another origin is refused, one to the same origin is followed and named',
  async (status) => {
    const other = await openGithub(() => ({ body: '[{"id":2}]' }));
    try {
      const refused = await pagesOf({ status, headers: { location: `${other.url}/orgs/o/members` } }).catch(
        (error) => error,
      );
      expect(refused).toMatchObject({
        name: 'Sluice.Terminal',
        message: expect.stringMatching(`was redirected \\(${status}\\) to ${other.url}/orgs/o/members`),
      });
      expect(other.asked).toEqual([]);
    } finally {
      await other.close();
    }
    const number = cases.push({ body: '[{"id":3}]' }) - 1;
    const location = `/organizations/1/members?case=${number}`;
    expect(await pagesOf({ status, headers: { location } })).toMatchObject([
      { url: github.url + location, status: 200, text: '[{"id":3}]' },
    ]);
  },
);

test.each(['rel=next', 'title="x"; rel="next"', 'rel="last next"'])(
  'a list whose Link says %s goes on',
  async (parameters) => {
    const last = cases.push({ body: '[{"id":2}]' }) - 1;
    const link = `<${github.url}/next?case=${last}>; ${parameters}`;
    const texts = (await pagesOf({ body: '[{"id":1}]', headers: { link } })).map(({ text }) => text);
    expect(texts).toEqual(['[{"id":1}]', '[{"id":2}]']);
  },
);

test('a list whose Link is not understood fails, and one that leads in a circle', async () => {
  const unclear = pagesOf({ headers: { link: `<${github.url}/next; rel="next"` } });
  await expect(unclear).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringContaining('Link header'),
  });
  const number = cases.length;
  const circle = pagesOf({ headers: { link: `<${github.url}/orgs/o/members?per_page=100&case=${number}>; rel=next` } });
  await expect(circle).rejects.toMatchObject({ name: 'Sluice.Terminal', message: expect.stringContaining('back to') });
});
