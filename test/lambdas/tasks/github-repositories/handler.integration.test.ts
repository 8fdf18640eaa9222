import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Run } from '#lib/contract/envelope.ts';
import { ledgerKey } from '#lib/runs/keys.ts';
import { handler } from '#tasks/github-repositories/handler.ts';
import { type Aws, BUCKET, openAws } from '../../../worlds/aws.ts';
import { eventOf, someRun } from '../../../worlds/events.ts';
import { type Github, openGithub } from '../../../worlds/github.ts';
import { cleared, dayOf } from '../../../worlds/loading.ts';
import { describeFunction, github, setToken } from '../../../worlds/task-services.ts';

/** An organisation of fifty whole pages. */
function pageOfLarge(path: string, url: string) {
  const page = Number(/[?&]page=(\d+)/.exec(path)?.[1] ?? 1);
  const names = Array.from({ length: 100 }, (_, n) => ({ name: `repository-${'x'.repeat(60)}-${page}-${n}` }));
  const next = { link: `<${url}/orgs/large/repos?per_page=100&page=${page + 1}>; rel="next"` };
  return { body: JSON.stringify(names), ...(page < 50 && { headers: next }) };
}

let aws: Aws;
let api: Github;
beforeAll(async () => {
  aws = await openAws();
  describeFunction(aws);
  api = await openGithub(({ path }, url) =>
    path.includes('/large/')
      ? pageOfLarge(path, url)
      : path.includes('after=')
        ? { body: '[{"name":"b"},{"name":"c","id":12345678901234567890}]' }
        : {
            body: '[{"name":"a"},{"name":"b"}]',
            headers: { link: `<${url}/organizations/7/repos?after=x>; rel="next"` },
          },
  );
  setToken(aws, 'token-1', api.url);
});
afterAll(async () => {
  await api.close();
  await aws.close();
});

test('the names of all pages are listed once each, with the token and a user agent', async () => {
  expect(await handler(eventOf({ connection: github, org: 'an/org' }))).toEqual({ names: ['a', 'b', 'c'] });
  expect(api.asked).toEqual([
    { path: '/orgs/an%2Forg/repos?per_page=100', token: 'token token-1', agent: expect.stringContaining('sluice') },
    { path: '/organizations/7/repos?after=x', token: 'token token-1', agent: expect.stringContaining('sluice') },
  ]);
});

test('5,000 names, too many for the machine, are given as the place of their list', async () => {
  const event = eventOf({ connection: github, org: 'large' });
  const key = ledgerKey(event.run, event.task);
  expect(await handler({ ...event, task: { ...event.task, listed: ['/names'] } })).toEqual({
    names: { $listed: { bucket: BUCKET, key, count: 5000 } },
  });
  const { output } = JSON.parse((await aws.bytes(key)).toString());
  expect(output.names).toHaveLength(5000);
  expect(JSON.stringify(output).length).toBeGreaterThan(256 * 1024);
});

test('a run that goes from raw takes the list that it had the last time, and asks nobody', async () => {
  const run = someRun();
  const input = { connection: github, org: 'o' };
  const first = await handler(eventOf(input, { run }));
  api.asked.length = 0;
  expect(await handler(eventOf(input, { run: { ...run, clearing: 3, fromRaw: true } }))).toEqual(first);
  await expect(handler(eventOf(input, { run: { ...someRun(), fromRaw: true } }))).rejects.toMatchObject({
    name: 'Sluice.NoSnapshot',
    message: expect.stringContaining("task 'extract' has no earlier result"),
  });
  expect(api.asked).toEqual([]);
});

test('repositories that are named are given as the organisation has them, alone or among the others', async () => {
  const named = { connection: github, org: 'o', named: ['C', 'a'] };
  expect(await handler(eventOf({ ...named, onlyNamed: true }))).toEqual({ names: ['a', 'c'] });
  expect(await handler(eventOf(named))).toEqual({ names: ['a', 'b', 'c'] });
});

test('repositories that are excepted are left out, in any case of their names; one that is not there changes nothing', async () => {
  const except = { connection: github, org: 'o', except: ['B', 'gone'] };
  expect(await handler(eventOf(except))).toEqual({ names: ['a', 'c'] });
  expect(await handler(eventOf({ ...except, named: ['a', 'b'], onlyNamed: true }))).toEqual({ names: ['a'] });
});

test('a repository that is named and not there is an error that says which', async () => {
  await expect(handler(eventOf({ connection: github, org: 'o', named: ['a', 'gone'] }))).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(/repositories of 'o' .*there is no gone\. Correct the name/),
  });
});

test('a repository that is named and was listed in an earlier run is given on, for its extract to be skipped', async () => {
  const dagId = `dag-${randomUUID()}`;
  const named = { connection: github, org: 'o', named: ['C'], onlyNamed: true };
  const list = (run: Run, input: object = named) => handler(eventOf(input, { run: { ...run, dagId } }));
  expect(await list(dayOf(17))).toEqual({ names: ['c'] });
  // Of another organisation, without a 'c'.
  for (const run of [dayOf(18), dayOf(19), cleared(dayOf(19))])
    expect(await list(run, { ...named, org: 'large' })).toEqual({ names: ['c'] });
  expect(await list(dayOf(20), { ...named, org: 'large', except: ['c'] })).toEqual({ names: [] });
  await expect(list(dayOf(21), { ...named, org: 'large', named: ['never'] })).rejects.toMatchObject({
    message: expect.stringContaining('there is no never. Correct the name'),
  });
});
