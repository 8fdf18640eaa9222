import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openGitHub } from '../../../worlds/local/github-client.ts';

let opened: Awaited<ReturnType<typeof openGitHub>>;
beforeAll(async () => {
  opened = await openGitHub();
});
afterAll(() => opened.github.close());
beforeEach(() => opened.github.setFaults([]));

const LIST = '/repos/astronomerio/core/issues?state=all&per_page=100';
const numbers = (text: string) => JSON.parse(text).map(({ number }: { number: number }) => number) as number[];

test('a fault befalls the requests that it is for, as often as it should, and then the answer is as before', async () => {
  opened.github.setFaults([{ fault: 'error-502', on: /issues/, from: 2, times: 2 }]);
  const statuses: number[] = [];
  for (const path of [LIST, '/user', LIST, LIST, LIST]) statuses.push((await opened.get(path)).status);
  expect(statuses).toEqual([200, 200, 502, 502, 200]);
});

test('limits say when they end, in the words of GitHub', async () => {
  opened.github.setFaults([
    { fault: 'primary-limit', seconds: 3000 },
    { fault: 'secondary-limit', seconds: 90, from: 2 },
  ]);
  const [primary, secondary] = [await opened.get(LIST), await opened.get(LIST)];
  const reset = Number(primary.headers.get('x-ratelimit-reset')) - Date.now() / 1000;
  expect(primary.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(reset).toBeGreaterThan(2990);
  expect(reset).toBeLessThan(3002);
  expect([primary.status, await primary.json()]).toMatchObject([
    403,
    { message: expect.stringContaining('API rate limit exceeded') },
  ]);
  expect([secondary.status, secondary.headers.get('retry-after')]).toEqual([403, '90']);
  expect(await secondary.json()).toMatchObject({ message: expect.stringContaining('secondary rate limit') });
});

test('a gateway that fails answers with a page, and without a link', async () => {
  for (const status of [500, 502, 503] as const) {
    opened.github.setFaults([{ fault: `error-${status}` }]);
    const answer = await opened.get(LIST);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('link')]).toEqual([
      status,
      'text/html',
      null,
    ]);
    expect(await answer.text()).toMatch(/^<html>/);
  }
});

test('a truncated body ends before its length', async () => {
  opened.github.setFaults([{ fault: 'truncated' }]);
  await expect(opened.get(LIST).then((answer) => answer.text())).rejects.toThrow();
});

test('a page repeats the one before it, or comes in the opposite order, and loses nothing', async () => {
  const pages = (await opened.pages(LIST)).map(({ text }) => numbers(text));
  opened.github.setFaults([
    { fault: 'repeated', from: 2 },
    { fault: 'reordered', from: 3 },
  ]);
  const faulty = (await opened.pages(LIST)).map(({ text }) => numbers(text));
  expect(faulty).toEqual([pages[0], pages.slice(0, 2).flat(), pages[2]?.toReversed()]);
});

test('a slow answer is the right one', async () => {
  const right = await (await opened.get(LIST)).text();
  opened.github.setFaults([{ fault: 'slow', seconds: 0.3 }]);
  const started = performance.now();
  expect(await (await opened.get(LIST)).text()).toBe(right);
  expect(performance.now() - started).toBeGreaterThan(290);
});
