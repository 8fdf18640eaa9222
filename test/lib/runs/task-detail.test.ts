import { expect, test } from 'vitest';
import { detailsOf } from '#lib/runs/task-detail.ts';
import type { Try } from '#lib/runs/task-history.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 0, 0, second));
const one = (task: string, more: Partial<Try>): Try => ({
  task,
  attempt: 1,
  functionName: `Sluice-daily-${task}`,
  startedAt: at(0),
  endedAt: at(1),
  state: 'success',
  ...more,
});

test('a task has its attempts, from the begin of the first to the end of the last, and what its output counts', () => {
  const tries = [
    one('load', { state: 'failed', error: 'Sluice.Transient', cause: 'no answer' }),
    one('load', { attempt: 2, startedAt: at(5), endedAt: at(9), output: { rows: 7, table: 'a.b' } }),
  ];
  expect(detailsOf(tries, [])).toEqual({
    load: {
      attempts: 2,
      startedAt: at(0).toISOString(),
      endedAt: at(9).toISOString(),
      rows: 7,
      functionName: 'Sluice-daily-load',
    },
  });
});

test('why a task failed, was skipped or was cut off is kept, the beginning of it', () => {
  const { endedAt: _, ...open } = one('cut', { state: 'running' });
  const tries = [
    one('failed', { state: 'failed', error: 'Sluice.Terminal', cause: 'x'.repeat(2000) }),
    one('skipped', { state: 'skipped', error: 'Sluice.Skipped', cause: 'no rows' }),
    open,
  ];
  const { failed, skipped, cut } = detailsOf(tries, []);
  expect(failed?.reason).toMatch(/^Sluice\.Terminal: x{483}…$/);
  expect(skipped?.reason).toBe('no rows');
  expect(cut).not.toHaveProperty('endedAt');
});

test('a mapped task has its items, the sum of their rows, and why the first of them failed', () => {
  const tries = [
    one('extract', { index: 0, output: { rows: 2 } }),
    one('extract', { index: 1, state: 'failed', error: 'Sluice.Terminal', cause: 'gone', endedAt: at(3) }),
    one('extract', { index: 2, output: { rows: 3 } }),
  ];
  expect(detailsOf(tries, [])['extract']).toMatchObject({
    rows: 5,
    items: 3,
    failedItems: 1,
    reason: 'item 1: Sluice.Terminal: gone',
    endedAt: at(3).toISOString(),
  });
});

test('a distributed map has the items of its Map Run', () => {
  const map = { task: 'extract', startedAt: at(0), endedAt: at(60), items: 5000, ended: 5000, failed: 2 };
  const failure = one('extract', { index: 17, state: 'failed', error: 'Sluice.Terminal', cause: 'gone' });
  expect(detailsOf([failure], [map])['extract']).toEqual({
    attempts: 1,
    startedAt: at(0).toISOString(),
    endedAt: at(60).toISOString(),
    items: 5000,
    failedItems: 2,
    reason: 'item 17: Sluice.Terminal: gone',
    functionName: 'Sluice-daily-extract',
  });
});

test('a task may have any name', () => {
  expect(Object.keys(detailsOf([one('constructor', {}), one('__proto__', {})], []))).toEqual([
    'constructor',
    '__proto__',
  ]);
});
