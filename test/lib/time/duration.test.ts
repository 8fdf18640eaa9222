import { expect, test } from 'vitest';
import { duration, secondsOf, spelled } from '#lib/time/duration.ts';

test('durations are whole seconds, minutes, hours or days', () => {
  expect(['90s', '5m', '2h', '1d'].map(secondsOf)).toEqual([90, 300, 7200, 86_400]);
});

test.for(['', '5', '0s', '-1m', '1.5h', '5 m', '1e3s', '1w'])('%j is no duration', (text) => {
  expect(secondsOf(text)).toBeUndefined();
  expect(duration.safeParse(text).error?.issues[0]?.message).toMatch(/^expected a duration such as/);
});

test('seconds are read by their two largest units', () => {
  const texts = [0, 45, 60, 7200, 7505, 86_400, 90_060].map(spelled);
  expect(texts).toEqual(['0s', '45s', '1m', '2h', '2h 5m', '1d', '1d 1h']);
});
