import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextTick, previousTick, tickOf, ticksBetween } from '#lib/time/ticks.ts';
import { independentTicks, SCHEDULES } from '../../worlds/cron-ticks.ts';

const newYork = (schedule: string) => ({ schedule, timeZone: 'America/New_York' });

const between = (schedule: string, timeZone: string, [after, until]: readonly [string, string]) =>
  [...ticksBetween({ schedule, timeZone }, new Date(after), new Date(until))].map((tick) =>
    tick.toISOString().replace(':00.000Z', 'Z'),
  );

test.each([
  [
    'northern spring',
    '30 2 * * *',
    'America/New_York',
    ['2026-03-07T12:00Z', '2026-03-10T12:00Z'],
    ['2026-03-09T06:30Z', '2026-03-10T06:30Z'],
  ],
  [
    'southern spring',
    '30 2 * * *',
    'Australia/Sydney',
    ['2026-10-02T12:00Z', '2026-10-05T12:00Z'],
    ['2026-10-02T16:30Z', '2026-10-04T15:30Z'],
  ],
  [
    'half an hour',
    '15 2 * * *',
    'Australia/Lord_Howe',
    ['2026-10-02T00:00Z', '2026-10-05T00:00Z'],
    ['2026-10-02T15:45Z', '2026-10-04T15:15Z'],
  ],
  [
    'at midnight',
    '0 0 * * *',
    'Africa/Cairo',
    ['2026-04-22T12:00Z', '2026-04-25T12:00Z'],
    ['2026-04-22T22:00Z', '2026-04-24T21:00Z'],
  ],
  [
    'a whole day',
    '0 0 * * *',
    'Pacific/Apia',
    ['2011-12-28T12:00Z', '2011-12-31T12:00Z'],
    ['2011-12-29T10:00Z', '2011-12-30T10:00Z', '2011-12-31T10:00Z'],
  ],
] as const)('a time that the clocks skip is no tick: %s', (...[, schedule, timeZone, window, ticks]) => {
  expect(between(schedule, timeZone, window)).toEqual(ticks);
});

test.each([
  [
    'northern autumn',
    '30 1 * * *',
    'America/New_York',
    ['2026-10-31T12:00Z', '2026-11-02T12:00Z'],
    ['2026-11-01T05:30Z', '2026-11-02T06:30Z'],
  ],
  [
    'southern autumn',
    '30 2 * * *',
    'Australia/Sydney',
    ['2026-04-04T00:00Z', '2026-04-06T00:00Z'],
    ['2026-04-04T15:30Z', '2026-04-05T16:30Z'],
  ],
  [
    'every hour',
    '0 * * * *',
    'America/New_York',
    ['2026-11-01T04:30Z', '2026-11-01T07:30Z'],
    ['2026-11-01T05:00Z', '2026-11-01T07:00Z'],
  ],
] as const)(
  'a time that the clocks show twice is a tick the first time only: %s',
  (...[, schedule, timeZone, window, ticks]) => {
    expect(between(schedule, timeZone, window)).toEqual(ticks);
  },
);

test('an event of the second time is taken for the first', () => {
  expect(tickOf(newYork('30 1 * * *'), new Date('2026-11-01T06:30:12Z')).toISOString()).toBe(
    '2026-11-01T05:30:00.000Z',
  );
});

/** All of them, over 30 years, are for the deep tests. */
const SOME = SCHEDULES.filter((_, n) => n % 4 === 0);

test.each(SOME)('ticks of $schedule in $timeZone are those of an independent library', (of) => {
  const after = new Date('2027-02-20T00:00:00Z');
  const expected: Date[] = [];
  for (const tick of independentTicks(of, after)) if (expected.push(tick) === 12) break;
  expect(expected).toHaveLength(12);
  expect([...ticksBetween(of, after, expected[11] as Date)]).toEqual(expected);
});

test('there and back: the tick before the next one after a tick is that tick, from any instant', () => {
  const instants = fc.date({ min: new Date('2000-01-01'), max: new Date('2050-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(fc.constantFrom(...SCHEDULES), instants, (of, at) => {
      const next = nextTick(of, at) as Date;
      const last = previousTick(of, new Date(at.getTime() + 1)) as Date;
      expect(last <= at && at < next).toBe(true);
      expect(previousTick(of, next)).toEqual(last);
      expect(nextTick(of, last)).toEqual(next);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['0 0 15W * *', ['2026-08-14', '2026-09-15', '2026-10-15', '2026-11-16']],
  ['0 0 1W * *', ['2026-08-03', '2026-09-01', '2026-10-01', '2026-11-02']],
  ['0 0 31W * *', ['2026-08-31', '2026-10-30', '2026-12-31', '2027-01-29']],
  ['0 0 * * 5#L', ['2026-08-28', '2026-09-25', '2026-10-30', '2026-11-27']],
  ['0 0 * 2 5#5', ['2036-02-29', '2064-02-29', '2092-02-29']],
  ['0 0 29 2 *', ['2028-02-29', '2032-02-29']],
])('%s', (schedule, days) => {
  const ticks: string[] = [];
  for (let tick = new Date('2026-07-31T12:00:00Z'); ticks.length < days.length; ) {
    tick = nextTick({ schedule, timeZone: 'UTC' }, tick) as Date;
    ticks.push(tick.toISOString().slice(0, 10));
  }
  expect(ticks).toEqual(days);
});
