import { expect, test } from 'vitest';
import { asJson, report, type Scheduled } from '#lib/cli/commands/next.ts';
import { nextTicks } from '#lib/time/schedule.ts';
import { sluice } from '../../../worlds/command-line.ts';

const hourly: Scheduled = {
  dagId: 'a',
  schedule: '@hourly',
  timeZone: 'America/New_York',
  startDate: '2026-01-01',
  endDate: null,
};
const ticksOf = (pipeline: Scheduled, after: string, count = 2) => [
  ...nextTicks(pipeline, { after: new Date(after), count }),
];

test('coming ticks are told in UTC and in the zone, with the intervals of their runs', () => {
  const ticks = ticksOf(hourly, '2026-11-01T04:30:00Z');
  expect(report(hourly, ticks).split('\n')).toEqual([
    expect.stringMatching(/^tick +in America\/New_York +interval from +in America\/New_York +to$/),
    expect.stringMatching(/^-/),
    '2026-11-01T05:00:00Z  2026-11-01T01:00-04:00  2026-11-01T04:00:00Z  2026-11-01T00:00-04:00  2026-11-01T05:00:00Z',
    '2026-11-01T07:00:00Z  2026-11-01T02:00-05:00  2026-11-01T05:00:00Z  2026-11-01T01:00-04:00  2026-11-01T07:00:00Z',
  ]);
  expect(asJson(hourly, ticks).ticks[1]).toEqual({
    tick: '2026-11-01T07:00:00Z',
    runId: '20261101T050000Z',
    logicalDate: '2026-11-01T05:00:00Z',
    dataInterval: { start: '2026-11-01T05:00:00Z', end: '2026-11-01T07:00:00Z' },
    inZone: { tick: '2026-11-01T02:00-05:00', logicalDate: '2026-11-01T01:00-04:00' },
  });
});

test('in UTC each instant is told once; where no tick comes, why', () => {
  const daily = { ...hourly, schedule: '@daily', timeZone: 'UTC', endDate: '2026-11-02' };
  const ticks = ticksOf(daily, '2026-11-02T12:00:00Z', 5);
  expect(report(daily, ticks)).toMatch(/\n2026-11-03T00:00:00Z {2}2026-11-02T00:00:00Z {2}2026-11-03T00:00:00Z$/);
  expect(report(daily, [])).toBe('a has no more ticks: its last day is 2026-11-02, its endDate.');
  expect(report({ ...daily, schedule: null }, [])).toBe('a has no schedule: it is run by hand.');
});

test('sluice next lists as many as it is asked for; what is no number or no pipeline is usage', async () => {
  const { stdout, code } = await sluice('next', 'github-to-redshift', '-n', '3', '--json');
  expect(code).toBe(0);
  const { pipeline, ticks } = JSON.parse(stdout);
  expect([pipeline, ticks.length]).toEqual(['github-to-redshift', 3]);
  expect(ticks[1].dataInterval.start).toBe(ticks[0].tick);
  expect(await sluice('next', 'github-to-redshift', '-n', 'all')).toMatchObject({ code: 2 });
  expect(await sluice('next', 'nothing')).toMatchObject({ code: 2 });
});
