import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { dateOfWord } from '#lib/time/date-word.ts';

test('today and yesterday are read on the calendar of the zone', () => {
  const now = new Date('2026-11-19T22:30:00Z');
  expect(dateOfWord('today', 'UTC', now)).toBe('2026-11-19');
  expect(dateOfWord('today', 'Europe/Moscow', now)).toBe('2026-11-20');
  expect(dateOfWord('yesterday', 'Europe/Moscow', now)).toBe('2026-11-19');
});

test('yesterday is the day before today, over month ends, leap days and days of 23 hours', () => {
  const zones = fc.constantFrom('UTC', 'America/New_York', 'Pacific/Auckland', 'Pacific/Kiritimati');
  const instants = fc.date({ min: new Date('2000-01-01'), max: new Date('2060-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(zones, instants, (zone, now) => {
      const [today, yesterday] = ['today', 'yesterday'].map((word) => dateOfWord(word, zone, now));
      expect(Date.parse(`${today}`) - Date.parse(`${yesterday}`)).toBe(86_400_000);
    }),
  );
});

test('another text is left as it is', () => {
  expect(dateOfWord('2026-11-19', 'UTC', new Date(0))).toBe('2026-11-19');
});
