import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import type { DeployedPipeline } from '#lib/cli/deployment/deployment.ts';
import { DueTicks } from '#lib/cli/scheduler/due-ticks.ts';
import { pauseDag, unpauseDag } from '#lib/runs/pauses.ts';
import { memory } from '../../../worlds/contested-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-ticks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const daily: DeployedPipeline = {
  dagId: 'a',
  schedule: '0 0 * * *',
  timeZone: 'UTC',
  startDate: '2020-01-01',
  endDate: null,
  catchup: false,
  stateMachine: 'arn:a',
  connections: {},
  databases: [],
};

let file = '';
let catchingUp: Set<string>;
let { store } = memory();
let files = 0;
beforeEach(() => {
  file = join(folder, `${files++}.json`);
  ({ store } = memory());
  catchingUp = new Set();
});

/** As in a process of its own. */
const process = () => new DueTicks({ store, file, isCatchingUp: (dagId) => catchingUp.has(dagId) });

async function look(ticks: DueTicks, now: string, pipelines: readonly DeployedPipeline[] = [daily]) {
  const due = await ticks.at(new Date(now), pipelines);
  ticks.keep();
  return due.map(({ tick, isLate, missed }) => `${tick}${isLate ? ' late' : ''}${missed ? `, ${missed} missed` : ''}`);
}

test('a tick is due once, from its time on; one from before the pipeline was seen never is', async () => {
  const ticks = process();
  expect(await look(ticks, '2026-11-19T12:00:00Z')).toEqual([]);
  expect(await look(ticks, '2026-11-19T23:59:59Z')).toEqual([]);
  expect(await look(ticks, '2026-11-20T00:00:00Z')).toEqual(['2026-11-20T00:00:00Z']);
  expect(await look(ticks, '2026-11-20T00:00:01Z')).toEqual([]);
});

test('of what was missed between two processes, or asleep, the latest is due, and the others are counted', async () => {
  await look(process(), '2026-11-19T12:00:00Z');
  const after = process();
  expect(await look(after, '2026-11-23T12:00:00Z')).toEqual(['2026-11-23T00:00:00Z late, 3 missed']);
  expect(await look(after, '2026-11-25T00:00:30Z')).toEqual(['2026-11-25T00:00:00Z, 1 missed']);
  expect(await look(process(), '2026-11-25T00:00:31Z')).toEqual([]);
});

test('what a process had found due and not kept is due again for the next one', async () => {
  await look(process(), '2026-11-19T12:00:00Z');
  const killed = process();
  expect(await killed.at(new Date('2026-11-20T00:00:00Z'), [daily])).toHaveLength(1);
  expect(await look(process(), '2026-11-20T00:00:05Z')).toEqual(['2026-11-20T00:00:00Z']);
});

test('ticks in a pause are not due, then or later', async () => {
  const ticks = process();
  await look(ticks, '2026-11-19T12:00:00Z');
  await pauseDag(store, 'a', new Date('2026-11-19T13:00:00Z'));
  expect(await look(ticks, '2026-11-20T00:00:00Z')).toEqual([]);
  await unpauseDag(store, 'a', new Date('2026-11-20T12:00:00Z'));
  expect(await look(ticks, '2026-11-20T12:00:01Z')).toEqual([]);
  expect(await look(ticks, '2026-11-21T00:00:00Z')).toEqual(['2026-11-21T00:00:00Z']);
});

test('with catchup all are due from the startDate on, each once the one before it has been made up for', async () => {
  const caughtUp = { ...daily, catchup: true, startDate: '2026-11-18' };
  const ticks = process();
  expect(await look(ticks, '2026-11-20T12:00:00Z', [caughtUp])).toEqual(['2026-11-19T00:00:00Z late']);
  catchingUp.add('a');
  expect(await look(ticks, '2026-11-20T12:00:01Z', [caughtUp])).toEqual([]);
  catchingUp.clear();
  expect(await look(process(), '2026-11-20T12:00:02Z', [caughtUp])).toEqual(['2026-11-20T00:00:00Z late']);
  expect(await look(process(), '2026-11-20T12:00:03Z', [caughtUp])).toEqual([]);
});

test('a changed schedule, zone or a new pipeline counts from then on', async () => {
  await look(process(), '2026-11-19T12:00:00Z');
  const hourly = { ...daily, schedule: '0 * * * *' };
  const other = { ...daily, dagId: 'b' };
  expect(await look(process(), '2026-11-22T12:30:00Z', [hourly, other])).toEqual([]);
  expect(await look(process(), '2026-11-22T13:00:00Z', [hourly, other])).toEqual(['2026-11-22T13:00:00Z']);
  const byHand = { ...daily, schedule: null };
  expect(await look(process(), '2026-11-25T13:00:00Z', [byHand])).toEqual([]);
});

test('a damaged file is told, and schedules count from then on', async () => {
  writeFileSync(file, '{"a":');
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  expect(await look(process(), '2026-11-19T12:00:00Z')).toEqual([]);
  expect(error).toHaveBeenCalledWith(expect.stringMatching(/is damaged/));
  error.mockRestore();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('a');
});

test('whenever it looks, and however often it is ended, no tick is due twice, and each is due or counted as missed', async () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 200_000 }), fc.boolean()), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      rmSync(file, { force: true });
      let [ticks, now, due] = [process(), Date.parse('2026-03-01T12:00:00Z'), 0];
      const seen = new Set<string>();
      await ticks.at(new Date(now), [daily]);
      const first = now;
      for (const [seconds, isEnded] of all) {
        now += seconds * 1000;
        for (const { tick, missed } of await ticks.at(new Date(now), [daily])) {
          expect(seen.has(tick)).toBe(false);
          seen.add(tick);
          due += 1 + missed;
        }
        ticks.keep();
        if (isEnded) ticks = process();
      }
      const days = (at: number) => Math.floor(at / 86_400_000);
      expect(due).toBe(days(now) - days(first));
    }),
    { numRuns: 50 },
  );
});
