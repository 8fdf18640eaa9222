import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { refused } from '#lambdas/sources/github/refusals.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-20T00:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

/** As Octokit throws it. */
const answer = (status: number, message: string, headers: Record<string, string> = {}) =>
  Object.assign(new Error(message), {
    name: 'HttpError',
    status,
    request: { method: 'GET', url: 'https://api.github.com/x' },
    response: { headers },
  });
const asker = { connection: 'c', secretId: 's', needs: 'read access' };
const at = (instant: string) => String(Date.parse(instant) / 1000);

test.each([
  [
    'the primary one to its reset',
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': at('2026-11-20T00:40:00Z') },
    '00:40:00',
  ],
  [
    'a secondary one as long as it says',
    { 'retry-after': '90', 'x-ratelimit-reset': at('2026-11-20T00:40:00Z') },
    '00:01:30',
  ],
  [
    'a secondary one that says nothing for a minute, whatever is left of the hour',
    { 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': at('2026-11-20T00:40:00Z') },
    '00:01:00',
  ],
  ['one without any header for a minute', {}, '00:01:00'],
  ['one that says when to the second', { 'retry-after': 'Fri, 20 Nov 2026 01:00:00 GMT' }, '01:00:00'],
  ['one that says what nobody understands for a minute', { 'retry-after': 'in 5 minutes' }, '00:01:00'],
])('of limits, %s', (_, headers: Record<string, string>, until) => {
  for (const status of [403, 429]) {
    expect(refused(answer(status, 'You have exceeded a secondary rate limit', headers), asker)).toMatchObject({
      name: 'Sluice.Again',
      until: new Date(`2026-11-20T${until}Z`),
      message: expect.stringContaining("over connection 'c': GitHub limits the rate"),
    });
  }
});

test.each([
  [400, 'Sluice.Terminal'],
  [401, 'Sluice.Terminal'],
  [403, 'Sluice.Terminal'],
  [404, 'Sluice.Terminal'],
  [408, 'Sluice.Transient'],
  [409, 'Sluice.Transient'],
  [410, 'Sluice.Terminal'],
  [422, 'Sluice.Terminal'],
  [451, 'Sluice.Terminal'],
  [500, 'Sluice.Transient'],
  [503, 'Sluice.Transient'],
])('an answer of %i is %s, and names the request and the connection', (status, name) => {
  expect(refused(answer(status, 'Said'), asker)).toMatchObject({
    name,
    message: expect.stringMatching(/GET https:\/\/api\.github\.com\/x over connection 'c'.*Said/),
  });
});

test('what is no answer of GitHub stays what it is', () => {
  const error = new TypeError('x is not a function');
  expect(refused(error, asker)).toBe(error);
});
