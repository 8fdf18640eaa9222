import { expect, test } from 'vitest';
import { pausesKey } from '#lib/runs/keys.ts';
import { isPausedAt, pauseDag, unpauseDag } from '#lib/runs/pauses.ts';
import type { Store } from '#lib/runs/store.ts';
import { memory } from '../../worlds/contested-store.ts';

const at = (time: string) => new Date(`2026-11-20T${time}Z`);
const isPaused = (store: Store, ...times: string[]) =>
  Promise.all(times.map((time) => isPausedAt(store, 'a', at(time))));

test('a pipeline is paused from the pause on, until it is unpaused; earlier pauses are remembered', async () => {
  const { store, objects } = memory();
  expect(await isPaused(store, '10:00:00')).toEqual([false]);
  expect(await pauseDag(store, 'a', at('10:00:00'))).toBe(true);
  expect(await isPaused(store, '09:59:59', '10:00:00', '23:00:00')).toEqual([false, true, true]);
  expect(await unpauseDag(store, 'a', at('11:00:00'))).toBe(true);
  await pauseDag(store, 'a', at('12:00:00'));
  expect(await isPaused(store, '10:30:00', '11:00:00', '12:00:00')).toEqual([true, false, true]);
  expect(await isPausedAt(store, 'b', at('12:00:00'))).toBe(false);
  expect(objects.get(pausesKey('a'))?.value).toEqual({
    since: '2026-11-20T10:00:00.000Z',
    pauses: [
      { from: '2026-11-20T10:00:00.000Z', to: '2026-11-20T11:00:00.000Z' },
      { from: '2026-11-20T12:00:00.000Z' },
    ],
  });
});

test('to pause or unpause again changes nothing, and says so', async () => {
  const { store } = memory();
  expect(await unpauseDag(store, 'a', at('09:00:00'))).toBe(false);
  await pauseDag(store, 'a', at('10:00:00'));
  expect(await pauseDag(store, 'a', at('11:00:00'))).toBe(false);
  expect(await isPaused(store, '10:30:00')).toEqual([true]);
});

test('a pause gets through where others write beside it, or is refused aloud', async () => {
  expect(await pauseDag(memory(5).store, 'a', at('10:00:00'))).toBe(true);
  await expect(pauseDag(memory(99).store, 'a', at('10:00:00'))).rejects.toThrow('Changing paused/a.json');
});
