import { expect, test } from 'vitest';
import { secondsOf } from '#lib/dag/options.ts';

test('durations are whole seconds, minutes, hours or days', () => {
  expect(['90s', '5m', '2h', '1d'].map(secondsOf)).toEqual([90, 300, 7200, 86_400]);
});

test.for(['', '5', '0s', '-1m', '1.5h', '5 m', '1e3s', '1w'])('%j is no duration', (duration) => {
  expect(secondsOf(duration)).toBeUndefined();
});
