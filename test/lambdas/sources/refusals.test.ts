import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPassing, secondsToWait } from '#lambdas/sources/refusals.ts';

const NOW = Date.UTC(2026, 10, 20, 0, 0, 0);

test.each([
  ['0', 1],
  ['90', 90],
  [' 7 ', 7],
  ['Fri, 20 Nov 2026 00:10:00 GMT', 600],
  ['Friday, 20-Nov-26 00:10:00 GMT', 600],
  ['Fri Nov 20 00:10:00 2026', 600],
  ['Thu, 19 Nov 2026 00:00:00 GMT', 1],
])('Retry-After: %s is a wait of %i seconds', (header, seconds) => {
  expect(secondsToWait(header, NOW)).toBe(seconds);
});

test.each([
  undefined,
  null,
  '',
  '1.5',
  '-5',
  'soon',
  'in 5 minutes',
  'Fri',
  'x 00:10:00 GMT',
  '1795255200',
  '9'.repeat(20),
])('Retry-After: %s says nothing', (header) => {
  expect(secondsToWait(header, NOW)).toBeUndefined();
});

test('any instant as an HTTP date is the seconds until then', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 31 * 86_400 }), (seconds) => {
      expect(secondsToWait(new Date(NOW + seconds * 1000).toUTCString(), NOW)).toBe(seconds);
    }),
  );
});

test('what may pass are failures of the server, and the statuses that say so', () => {
  const statuses = Array.from({ length: 500 }, (_, at) => at + 100);
  expect(statuses.filter((status) => status < 500 && isPassing(status))).toEqual([408, 425, 429]);
  expect(statuses.filter((status) => status >= 500).every(isPassing)).toBe(true);
});
