import { expect, test } from 'vitest';
import { afterLook } from '#lambdas/runtime/look.ts';
import { NotReady, Transient } from '#lib/contract/errors.ts';

const since = '2026-11-19T06:00:00.000Z';
const task = (attempt: number, softFail = false) => ({
  id: 'wait',
  attempt,
  sensor: { since, timeoutSeconds: 7200, softFail },
});
const after = (seconds: number) => new Date(Date.parse(since) + seconds * 1000);
const nothing = new NotReady('s3://b/k is not there.');

test('a look that found nothing is not ready while there is time left', () => {
  expect(afterLook(nothing, task(1), after(0))).toBe(nothing);
  expect(afterLook(nothing, task(120), after(7199.9))).toBe(nothing);
});

test('the first look at which the time is up says how long it looked, how often, and what it found last', () => {
  expect(afterLook(nothing, task(118), after(7230))).toMatchObject({
    name: 'Sluice.SensorTimeout',
    message: 'not there after 118 looks in 2h: s3://b/k is not there.',
  });
  expect(afterLook(nothing, task(1), after(7200))).toMatchObject({
    message: expect.stringContaining('after 1 look in 2h'),
  });
});

test('with softFail the task is skipped then', () => {
  expect(afterLook(nothing, task(9, true), after(7265))).toMatchObject({
    name: 'Sluice.Skipped',
    message: 'not there after 9 looks in 2h 1m: s3://b/k is not there.',
  });
});

test('any other error stays what it is, whatever the time', () => {
  const reset = new Transient('reset');
  expect(afterLook(reset, task(3, true), after(9000))).toBe(reset);
  expect(afterLook(nothing, { id: 'no sensor', attempt: 1 }, after(9000))).toBe(nothing);
});
