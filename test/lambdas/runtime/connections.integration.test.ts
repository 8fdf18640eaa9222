/** What attempts in one warm process see of a secret that is set anew between them, or while one works. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { implement } from '#lambdas/runtime/implement.ts';
import { githubPages } from '#lambdas/sources/github/pages.ts';
import { askHttp } from '#lambdas/sources/http/request.ts';
import { connection, taskType } from '#lib/contract/task-type.ts';
import { type Aws, openAws } from '../../worlds/aws.ts';
import { eventOf } from '../../worlds/events.ts';
import { type Github, openGithub } from '../../worlds/github.ts';

const api = { connection: 'api', type: 'http' } as const;
const hub = { connection: 'hub', type: 'github' } as const;
let aws: Aws;
let old: Github;
let current: Github;
beforeAll(async () => {
  aws = await openAws();
  Object.assign(process.env, {
    SLUICE_BUCKET: 'lake',
    SLUICE_CONNECTIONS: JSON.stringify({ api: 'api-secret', hub: 'hub-secret' }),
  });
});
beforeEach(async () => {
  old = await openGithub(() => ({ body: '["old"]' }));
  current = await openGithub(() => ({ body: '["new"]' }));
  return () => Promise.all([old.close(), current.close()]);
});
afterAll(() => aws.close());

const set = ({ url }: Github, token: string) => {
  aws.setSecret('api-secret', JSON.stringify({ baseUrl: url, headers: { authorization: `token ${token}` } }));
  aws.setSecret('hub-secret', JSON.stringify({ baseUrl: url, token }));
};

/** What happens between the reading of the secret and the request. */
let meanwhile = async () => {};
const type = taskType('ask', {
  input: z.object({ api: connection('http'), hub: connection('github'), of: z.enum(['http', 'github']) }),
  output: z.object({ text: z.string() }),
});
const handler = implement(type, async (input, context) => {
  for (const one of [api, hub]) await context.connections.get(one, z.looseObject({}));
  await meanwhile();
  if (input.of === 'http') {
    const { body } = await askHttp(context, { connection: api, method: 'GET', path: '/list' });
    return { text: JSON.stringify(body) };
  }
  for await (const { records } of githubPages(context, { connection: hub, path: '/list', needs: 'to read' }))
    return { text: `[${records.map((record) => Buffer.from(record).toString()).join(',')}]` };
  return { text: '' };
});
const ask = async (of: 'http' | 'github', during = async () => {}) => {
  meanwhile = during;
  return (await handler(eventOf({ api, hub, of }))).text;
};

test.each(['http', 'github'] as const)('%s: an attempt sees what was set before it began, all of it', async (of) => {
  set(old, 'first');
  expect(await ask(of)).toBe('["old"]');
  set(current, 'second');
  expect(await ask(of)).toBe('["new"]');
  expect(current.asked.map(({ token }) => token)).toEqual(['token second']);
  set(current, 'third');
  await ask(of);
  expect(current.asked.map(({ token }) => token)).toEqual(['token second', 'token third']);
});

test.each(['http', 'github'] as const)(
  '%s: where nobody is there any more, the secret is fetched anew once, and its token goes to its own host alone',
  async (of) => {
    set(old, 'first');
    const during = async () => {
      await old.close();
      set(current, 'second');
    };
    expect(await ask(of, during)).toBe('["new"]');
    expect([old, current].map(({ asked }) => asked.map(({ token }) => token))).toEqual([[], ['token second']]);
  },
  60_000,
);

test.each(['http', 'github'] as const)(
  '%s: where nobody is there and nothing was set, it may pass',
  async (of) => {
    set(old, 'first');
    await expect(ask(of, () => old.close())).rejects.toMatchObject({ name: 'Sluice.Transient' });
  },
  60_000,
);
