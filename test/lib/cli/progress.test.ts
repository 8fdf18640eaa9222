import { expect, test } from 'vitest';
import { progress } from '#lib/cli/progress.ts';
import type { Try } from '#lib/contract/task-history.ts';

const at = (second: number) => new Date(second * 1000);
const one = (task: string, more: Partial<Try> = {}): Try => ({
  task,
  attempt: 1,
  functionName: 'f',
  startedAt: at(0),
  endedAt: at(2),
  state: 'success',
  output: { rows: 2, bytes: 10 },
  ...more,
});
const failed = { state: 'failed', error: 'Sluice.Transient', cause: 'reset' } as const;

test('a task is told once, when its state is left', () => {
  const lines = progress();
  expect(lines({ tries: [one('a')], left: [] })).toEqual([]);
  expect(lines({ tries: [one('a')], left: ['a'] })).toMatchObject([
    { task: 'a', state: 'success', durationMs: 2000, rows: 2 },
  ]);
  expect(lines({ tries: [one('a')], left: ['a', 'b'] })).toEqual([]);
});

test('an attempt that failed is told as soon as it did, and the task with its last attempt', () => {
  const lines = progress();
  const first = one('a', failed);
  expect(lines({ tries: [first], left: [] })).toMatchObject([
    { task: 'a', state: 'retrying', attempt: 1, cause: 'reset' },
  ]);
  const second = one('a', { attempt: 2 });
  expect(lines({ tries: [first, second], left: ['a'] })).toMatchObject([{ task: 'a', state: 'success', attempt: 2 }]);
});

test('items of a mapped task are one line with their sums; those that failed have a line of their own with the reason', () => {
  const tries = [one('m', { index: 0 }), one('m', { index: 1, ...failed, output: undefined }), one('m', { index: 2 })];
  const [item, whole] = progress()({ tries, left: ['m'] });
  expect(item).toMatchObject({ task: 'm', index: 1, state: 'failed', cause: 'reset' });
  expect(whole).toMatchObject({ task: 'm', state: 'failed', items: 3, rows: 4, bytes: 20 });
  expect(whole?.cause).toBeUndefined();
});
