import { expect, test } from 'vitest';
import { going, progress } from '#lib/cli/terminal/progress.ts';
import type { MapRun } from '#lib/runs/map-run.ts';
import type { Try } from '#lib/runs/task-history.ts';

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
const end = { status: 'FAILED', startedAt: at(0).toISOString(), stoppedAt: at(9).toISOString() } as const;

test('a task is told once, when its state is left', () => {
  const lines = progress();
  expect(lines({ tries: [one('a')], left: [], mapRuns: [] })).toEqual([]);
  expect(lines({ tries: [one('a')], left: ['a'], mapRuns: [] })).toMatchObject([
    { task: 'a', state: 'success', durationMs: 2000, rows: 2 },
  ]);
  expect(lines({ tries: [one('a')], left: ['a', 'b'], mapRuns: [] })).toEqual([]);
});

test('an attempt that failed is told as soon as it did, and the task with its last attempt', () => {
  const lines = progress();
  const first = one('a', failed);
  expect(lines({ tries: [first], left: [], mapRuns: [] })).toMatchObject([
    { task: 'a', state: 'retrying', attempt: 1, cause: 'reset' },
  ]);
  const second = one('a', { attempt: 2 });
  expect(lines({ tries: [first, second], left: ['a'], mapRuns: [] })).toMatchObject([
    { task: 'a', state: 'success', attempt: 2 },
  ]);
});

test('an attempt with which the run ended is not tried again', () => {
  const moment = { tries: [one('a', failed)], left: [], mapRuns: [], end };
  expect(progress()(moment)).toMatchObject([{ task: 'a', state: 'failed', cause: 'reset' }]);
});

test('items of a mapped task are one line with their sums; those that failed have a line of their own with the reason', () => {
  const tries = [one('m', { index: 0 }), one('m', { index: 1, ...failed, output: undefined }), one('m', { index: 2 })];
  const [item, whole] = progress()({ tries, left: ['m'], mapRuns: [] });
  expect(item).toMatchObject({ task: 'm', index: 1, state: 'failed', cause: 'reset' });
  expect(whole).toMatchObject({ task: 'm', state: 'failed', items: 3, rows: 4, bytes: 20 });
  expect(whole?.cause).toBeUndefined();
});

test('an item that is not tried again is told as failed at once, and once, while others run', () => {
  const lines = progress();
  const final = one('m', { index: 1, ...failed, isFinal: true });
  const running = one('m', { index: 2, state: 'running' });
  expect(lines({ tries: [final, running], left: [], mapRuns: [] })).toMatchObject([
    { task: 'm', index: 1, state: 'failed', cause: 'reset' },
  ]);
  expect(lines({ tries: [final, one('m', { index: 2 })], left: ['m'], mapRuns: [] })).toMatchObject([
    { task: 'm', state: 'failed', items: 2 },
  ]);
});

const look = (attempt: number, more: Partial<Try> = {}): Try =>
  one('s', { attempt, isLook: true, startedAt: at(60 * attempt), endedAt: at(60 * attempt + 1), ...more });
const nothing = { state: 'waiting', error: 'Sluice.NotReady', cause: 'not there', output: undefined } as const;

test('a sensor is told once that it waits, and once more with the number of its looks', () => {
  const lines = progress();
  const looks = [look(1, nothing), look(2, nothing)];
  expect(lines({ tries: looks, left: [], mapRuns: [] })).toMatchObject([
    { task: 's', state: 'waiting', cause: 'not there' },
  ]);
  expect(lines({ tries: [...looks, look(3, nothing)], left: [], mapRuns: [] })).toEqual([]);
  const [found, ...more] = lines({ tries: [...looks, look(3, nothing), look(4)], left: ['s'], mapRuns: [] });
  expect(found).toMatchObject({ task: 's', state: 'success', looks: 4, durationMs: 181_000 });
  expect(more).toEqual([]);
});

test('a look that failed is told as an attempt that is tried again', () => {
  const tries = [look(1, nothing), look(2, failed), look(3)];
  const states = progress()({ tries, left: ['s'], mapRuns: [] }).map(({ state, attempt }) => [state, attempt]);
  expect(states).toEqual([
    ['retrying', 2],
    ['success', 3],
  ]);
});

test('a sensor whose time is up has failed, or is skipped, and says why', () => {
  const ended = (state: 'failed' | 'skipped', error: string) =>
    progress()({ tries: [look(1, nothing), look(2, { state, error, cause: 'too late' })], left: ['s'], mapRuns: [] });
  expect(ended('failed', 'Sluice.SensorTimeout')).toMatchObject([{ state: 'failed', looks: 2, cause: 'too late' }]);
  expect(ended('skipped', 'Sluice.Skipped')).toMatchObject([{ state: 'skipped', looks: 2, cause: 'too late' }]);
});

test('what had not ended when the run did has failed, a sensor that waits too', () => {
  const { endedAt: _, ...begun } = one('a', { state: 'running' });
  const tries = [begun, look(1, nothing), one('b', failed)];
  const lines = progress()({ tries, left: [], mapRuns: [], end });
  const cut = { error: 'FAILED', cause: 'It had not ended when the run did.' };
  expect(lines).toMatchObject([
    { task: 'a', state: 'failed', ...cut, durationMs: 9000 },
    { task: 's', state: 'failed', ...cut, looks: 1 },
    { task: 'b', state: 'failed', cause: 'reset' },
  ]);
});

test('between two looks a sensor is among what goes on', () => {
  expect(going({ tries: [one('a'), look(1, nothing)], left: ['a'], mapRuns: [] })).toEqual(['s (waiting)']);
  expect(going({ tries: [look(1, nothing), look(2)], left: ['s'], mapRuns: [] })).toEqual([]);
});

const mapRun = (more: Partial<MapRun> = {}): MapRun => ({
  task: 'm',
  startedAt: at(0),
  endedAt: at(9),
  items: 3,
  ended: 3,
  failed: 0,
  failures: [],
  results: [{ output: { rows: 2, bytes: 10 }, attempt: 2 }],
  ...more,
});

test('a distributed map is told once its Map Run has ended, with the sums of its results', () => {
  const lines = progress();
  const first = { ...mapRun({ ended: 1 }), endedAt: undefined };
  expect(lines({ tries: [], left: ['m'], mapRuns: [first] })).toEqual([]);
  const ended = { tries: [], left: ['m'], mapRuns: [mapRun()] };
  expect(lines(ended)).toEqual([
    {
      task: 'm',
      functionName: '',
      state: 'success',
      attempt: 2,
      durationMs: 9000,
      rows: 2,
      bytes: 10,
      items: 3,
    },
  ]);
  expect(lines(ended)).toEqual([]);
});

test('of its items that failed the first are told with their reason, and all are counted', () => {
  const mapped = mapRun({ items: 60, failed: 40, failures: [one('m', { index: 4, ...failed })] });
  expect(progress()({ tries: [], left: ['m'], mapRuns: [mapped] })).toMatchObject([
    { task: 'm', index: 4, state: 'failed', cause: 'reset' },
    { task: 'm', state: 'failed', items: 60, failed: 40 },
  ]);
});

test.each([
  ['skipped', { results: [] }],
  ['success', { results: [], items: 0, ended: 0 }],
] as const)('it is told as %s for %j', (state, more) => {
  expect(progress()({ tries: [], left: ['m'], mapRuns: [mapRun(more)] })).toMatchObject([{ state }]);
});

test('what runs at a moment is told with how far its map is', () => {
  const moment = { tries: [one('a', { state: 'running' })], left: [], mapRuns: [mapRun({ ended: 1 })] };
  expect(going({ ...moment, mapRuns: [{ ...mapRun({ ended: 1 }), endedAt: undefined }] })).toEqual(['a', 'm (1 of 3)']);
  expect(going(moment)).toEqual(['a']);
});

test('a mapped task that tolerates the items which failed has succeeded without them', () => {
  const statuses = new Map([['m', 'success' as const]]);
  const tries = [one('m', { index: 0 }), one('m', { index: 1, ...failed, output: undefined })];
  expect(progress()({ tries, left: ['m'], mapRuns: [], statuses })).toMatchObject([
    { task: 'm', index: 1, state: 'failed', cause: 'reset' },
    { task: 'm', state: 'success', items: 2, failed: 1, rows: 2 },
  ]);
  const mapped = mapRun({ failed: 1, failures: [one('m', { index: 4, ...failed })] });
  expect(progress()({ tries: [], left: ['m'], mapRuns: [mapped], statuses })).toMatchObject([
    { task: 'm', index: 4, state: 'failed' },
    { task: 'm', state: 'success', items: 3, failed: 1 },
  ]);
});
