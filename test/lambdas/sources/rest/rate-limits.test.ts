import { expect, test } from 'vitest';
import type { RateLimit } from '#lambdas/sources/rest/objects.ts';
import { exhaustedUntil } from '#lambdas/sources/rest/rate-limits.ts';

const NOW = new Date('2026-11-19T10:07:00Z');
const until = (limits: RateLimit[], headers: Record<string, string>) =>
  exhaustedUntil(limits, new Headers(headers), NOW)?.toISOString();

const windows: RateLimit = { limit: 'x-limit', usage: 'x-usage', windows: ['15m', '1d'] };
const reset: RateLimit = { remaining: 'x-left', reset: 'x-reset' };

test.for<readonly [string, RateLimit[], Record<string, string>, string | undefined]>([
  ['nothing said', [windows, reset], {}, undefined],
  ['some left in each window', [windows], { 'x-limit': '200,2000', 'x-usage': '199,1999' }, undefined],
  ['a quarter used up', [windows], { 'x-limit': '200,2000', 'x-usage': '200,1999' }, '2026-11-19T10:15:00.000Z'],
  ['a day used up', [windows], { 'x-limit': '200,2000', 'x-usage': '201,2000' }, '2026-11-20T00:00:00.000Z'],
  ['numbers that are none', [windows], { 'x-limit': 'many', 'x-usage': 'all' }, undefined],
  ['some left', [reset], { 'x-left': '1', 'x-reset': '1795255200' }, undefined],
  ['none left until an instant', [reset], { 'x-left': '0', 'x-reset': '1795255200' }, '2026-11-21T10:00:00.000Z'],
  ['an instant in milliseconds', [reset], { 'x-left': '0', 'x-reset': '1795255200000' }, undefined],
  ['no instant at all', [reset], { 'x-left': '0', 'x-reset': '1e300' }, undefined],
  ['none left, and no reset', [reset], { 'x-left': '0' }, undefined],
  [
    'none left for some seconds',
    [{ ...reset, resetIn: 'seconds' }],
    { 'x-left': '0', 'x-reset': '90' },
    '2026-11-19T10:08:30.000Z',
  ],
  [
    'two limits, of which the longer counts',
    [{ ...reset, resetIn: 'seconds' }, windows],
    { 'x-left': '0', 'x-reset': '90', 'x-limit': '1,9', 'x-usage': '1,1' },
    '2026-11-19T10:15:00.000Z',
  ],
])('%s', ([, limits, headers, expected]) => {
  expect(until(limits, headers)).toBe(expected);
});
