import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  DateError,
  dueTicks,
  lastCompleteRun,
  refuseOutside,
  runOfDate,
  runOfTick,
  runsUntil,
  wrongSchedule,
} from '#lib/time/schedule.ts';
import { SCHEDULES } from '../../worlds/cron-ticks.ts';

const daily = { schedule: '@daily', timeZone: 'UTC' };
const moscow = { schedule: '0 12 * * *', timeZone: 'Europe/Moscow' };

test('the run of a tick covers the interval that ends there, and its logical date is the start', () => {
  expect(runOfTick(daily, new Date('2026-11-20T00:00:00Z'))).toEqual({
    runId: '20261119T000000Z',
    logicalDate: '2026-11-19T00:00:00Z',
    dataInterval: { start: '2026-11-19T00:00:00Z', end: '2026-11-20T00:00:00Z' },
  });
});

test('an instant that is no tick is refused', () => {
  expect(() => runOfTick(daily, new Date('2026-11-20T00:01:00Z'))).toThrow(/is no tick of the schedule '@daily'/);
});

test('a date is read in the zone of the DAG: noon in Moscow is 09:00 UTC all year', () => {
  expect(runOfDate(moscow, '2026-11-19T12:00').logicalDate).toBe('2026-11-19T09:00:00Z');
  expect(runOfDate(moscow, '2026-06-19T12:00').logicalDate).toBe('2026-06-19T09:00:00Z');
});

test('a date that the schedule does not have is refused with the nearest that it has', () => {
  expect(() => runOfDate(moscow, '2026-11-19')).toThrow(
    /the nearest are 2026-11-18T09:00:00Z and 2026-11-19T09:00:00Z/,
  );
  expect(() => runOfDate(daily, '2026-11-19T06:00Z')).toThrow(DateError);
});

test.each(['yesterday', '2026-02-30', '2026-13-01', '19.11.2026', ''])('%j is no date', (date) => {
  expect(() => runOfDate(daily, date)).toThrow(/is no date: write 2026-11-19/);
});

test('the last complete run is the day before, also at the very tick', () => {
  expect(lastCompleteRun(daily, new Date('2026-11-20T10:22:00Z')).runId).toBe('20261119T000000Z');
  expect(lastCompleteRun(daily, new Date('2026-11-20T00:00:00Z')).runId).toBe('20261119T000000Z');
  expect(lastCompleteRun(daily, new Date('2026-11-19T23:59:59Z')).runId).toBe('20261118T000000Z');
});

test('without a schedule a run by hand has the present as its logical date', () => {
  const now = new Date('2026-11-20T10:22:03Z');
  expect(lastCompleteRun({ schedule: null, timeZone: 'UTC' }, now).logicalDate).toBe('2026-11-20T10:22:03Z');
});

test('what is wrong with a schedule or zone is said', () => {
  expect(wrongSchedule({ schedule: '* * *', timeZone: 'UTC' })).toMatch(/five fields/);
  expect(wrongSchedule({ schedule: '61 * * * *', timeZone: 'UTC' })).toMatch(/its minute has '61'/);
  expect(wrongSchedule({ schedule: '@daily', timeZone: 'Europe/Moskva' })).toMatch(/no IANA zone/);
  expect(wrongSchedule({ schedule: '0 0 30 2 *', timeZone: 'UTC' })).toBe("'0 0 30 2 *' never comes");
  expect(wrongSchedule(moscow)).toBeUndefined();
});

test.each(['Asia/Kolkata', 'Europe/Kyiv', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'America/Port-au-Prince'])(
  '%s is a zone, by an old name or a new one',
  (timeZone) => expect(wrongSchedule({ schedule: '@daily', timeZone })).toBeUndefined(),
);

test.each(['europe/madrid', 'EUROPE/MADRID', 'Europe/madrid', '+02:00', 'Madrid', 'GMT'])(
  '%s is no zone for AWS',
  (timeZone) => expect(wrongSchedule({ schedule: '@daily', timeZone })).toMatch(/no IANA zone/),
);

test('an hour that the clocks show twice is an interval of two hours, whichever of its ticks comes', () => {
  const hourly = { schedule: '@hourly', timeZone: 'America/New_York' };
  const run = runOfTick(hourly, new Date('2026-11-01T07:00:00Z'));
  expect(run.dataInterval).toEqual({ start: '2026-11-01T05:00:00Z', end: '2026-11-01T07:00:00Z' });
  const first = runOfTick(hourly, new Date('2026-11-01T05:00:00Z'));
  expect(runOfTick(hourly, new Date('2026-11-01T06:00:00Z'))).toEqual(first);
});

const month = { ...daily, dagId: 'a', startDate: '2026-11-01', endDate: '2026-11-03' };

test('due are the ticks after one instant up to another whose logical dates are of the days of the pipeline', () => {
  const window = { after: new Date('2020-01-01'), until: new Date('2030-01-01') };
  expect([...dueTicks(month, window)].map(({ tick, runId }) => [tick, runId])).toEqual([
    ['2026-11-02T00:00:00Z', '20261101T000000Z'],
    ['2026-11-03T00:00:00Z', '20261102T000000Z'],
    ['2026-11-04T00:00:00Z', '20261103T000000Z'],
  ]);
  const between = { after: new Date('2026-11-02T00:00:00Z'), until: new Date('2026-11-03T00:00:00Z') };
  expect([...dueTicks(month, between)].map(({ runId }) => runId)).toEqual(['20261102T000000Z']);
  expect([...dueTicks({ ...month, schedule: null }, window)]).toEqual([]);
});

test('the days of a pipeline are those of its zone, the last one to its end', () => {
  const hourly = { ...month, schedule: '@hourly', timeZone: 'Asia/Tokyo' };
  const runs = [...runsUntil(hourly, new Date('2030-01-01'))];
  expect(runs).toHaveLength(72);
  expect(runs.at(0)?.logicalDate).toBe('2026-10-31T15:00:00Z');
  expect(runs.at(-1)?.logicalDate).toBe('2026-11-03T14:00:00Z');
  expect(refuseOutside(hourly, '2026-10-31T14:00:00Z')).toMatch(/its first logical date is 2026-11-01, its startDate/);
  expect(refuseOutside(hourly, '2026-11-03T15:00:00Z')).toMatch(/its last day is 2026-11-03, its endDate/);
  expect(refuseOutside(hourly, '2026-11-03T14:00:00Z')).toBeUndefined();
});

test('runs of ticks and of dates are inverse, and due ticks are those of intervals that tile time, in any zone', () => {
  const instants = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(fc.constantFrom(...SCHEDULES), instants, (of, at) => {
      const until = new Date(at.getTime() + 400 * 86_400_000);
      const due = [...dueTicks({ ...of, startDate: '2000-01-01' }, { after: at, until })];
      for (const [n, { tick, ...run }] of due.slice(0, 20).entries()) {
        expect(runOfTick(of, new Date(tick))).toEqual(run);
        expect(runOfDate(of, run.logicalDate)).toEqual(run);
        expect(run.dataInterval.start).toBe(due[n - 1]?.tick ?? run.logicalDate);
      }
    }),
    { numRuns: 50 },
  );
});

test('intervals tile time: each run ends where the next one starts, in any zone, and its date names it again', () => {
  const schedules = fc.constantFrom('@hourly', '@daily', '@weekly', '@monthly', '30 6 * * 1-5', '15 */6 * * *');
  const zones = fc.constantFrom('UTC', 'Europe/Moscow', 'Asia/Kolkata');
  const instants = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(schedules, zones, instants, (schedule, timeZone, at) => {
      const pipeline = { schedule, timeZone };
      const run = lastCompleteRun(pipeline, at);
      expect(Date.parse(run.dataInterval.end)).toBeLessThanOrEqual(at.getTime());
      expect(runOfDate(pipeline, run.logicalDate)).toEqual(run);
      const following = runOfDate(pipeline, run.dataInterval.end);
      expect(following.dataInterval.start).toBe(run.dataInterval.end);
      expect(Date.parse(following.dataInterval.end)).toBeGreaterThan(at.getTime());
    }),
    { numRuns: 200 },
  );
});
