import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scheduleExpressions } from '#lib/constructs/events/schedule-expression.ts';
import { calendarOf } from '#lib/time/calendar.ts';

test.each([
  ['0 0 * * *', 'cron(0 0 * * ? *)'],
  ['30 6 * * 1-5', 'cron(30 6 ? * 2,3,4,5,6 *)'],
  ['*/15 * * * *', 'cron(0,15,30,45 * * * ? *)'],
  ['0 0 1 1 *', 'cron(0 0 1 1 ? *)'],
  ['0 12 * jan-mar sun', 'cron(0 12 ? 1,2,3 1 *)'],
  ['5 4 * * 7', 'cron(5 4 ? * 1 *)'],
  ['0 8-16/4 10,20 * *', 'cron(0 8,12,16 10,20 * ? *)'],
  ['0 0 L * *', 'cron(0 0 L * ? *)'],
  ['0 0 15W * *', 'cron(0 0 15W * ? *)'],
  ['0 0 * * 5L', 'cron(0 0 ? * 6L *)'],
  ['0 0 * * sun#2', 'cron(0 0 ? * 1#2 *)'],
])('%s becomes %s', (cron, expression) => {
  expect(scheduleExpressions(cron)).toEqual([expression]);
});

test('days of the month together with days of the week become two expressions', () => {
  expect(scheduleExpressions('0 6 1,15 * 1')).toEqual(['cron(0 6 1,15 * ? *)', 'cron(0 6 ? * 2 *)']);
});

test('what AWS has no expression for is refused with the schedule and the reason', () => {
  expect(() => scheduleExpressions('0 0 1,L * *')).toThrow(
    /^The schedule '0 0 1,L \* \*': its day of the month '1,L' has 'L' in a list, which AWS does not take/,
  );
});

const field = (first: number, last: number) => {
  const value = fc.integer({ min: first, max: last });
  const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const part = fc.oneof(
    value.map(String),
    range,
    fc.tuple(range, fc.integer({ min: 1, max: 5 })).map((both) => both.join('/')),
  );
  const step = fc.integer({ min: 1, max: 5 }).map((every) => `*/${every}`);
  return fc.oneof(
    fc.constant('*'),
    step,
    fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(',')),
  );
};

/** Whether an instant is a tick of an expression that holds only lists, `*` and `?`. */
function ticks(expression: string, at: Date): boolean {
  const [minute, hour, day, month, weekday] = expression.slice('cron('.length, -1).split(' ');
  const holds = (text: string | undefined, value: number) =>
    text === '*' || text === '?' || !!text?.split(',').includes(`${value}`);
  return (
    holds(minute, at.getUTCMinutes()) &&
    holds(hour, at.getUTCHours()) &&
    holds(day, at.getUTCDate()) &&
    holds(month, at.getUTCMonth() + 1) &&
    holds(weekday, at.getUTCDay() + 1)
  );
}

test('EventBridge ticks exactly when cron does', () => {
  const day = fc.oneof(fc.constant('*'), field(1, 28));
  const weekday = fc.oneof(fc.constant('*'), field(0, 6));
  const schedules = fc.tuple(field(0, 59), field(0, 23), day, field(1, 12), weekday);
  const instants = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(schedules, instants, (fields, instant) => {
      const cron = fields.join(' ');
      const expressions = scheduleExpressions(cron);
      const doesTick = (at: Date) => expressions.some((expression) => ticks(expression, at));
      const minute = new Date(Math.floor(instant.getTime() / 60_000) * 60_000);
      const tick = calendarOf(cron).next(minute) as Date;
      expect(doesTick(tick)).toBe(true);
      expect(doesTick(minute)).toBe(
        calendarOf(cron)
          .previous(new Date(minute.getTime() + 1))
          ?.getTime() === minute.getTime(),
      );
    }),
    { numRuns: 300 },
  );
});
