import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DateError, lastCompleteRun, runOfDate, runOfTick, wrongSchedule } from '#lib/time/schedule.ts';

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
  expect(wrongSchedule({ schedule: '61 * * * *', timeZone: 'UTC' })).toMatch(/no cron/);
  expect(wrongSchedule({ schedule: '@daily', timeZone: 'Europe/Moskva' })).toMatch(/no IANA zone/);
  expect(wrongSchedule(moscow)).toBeUndefined();
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
