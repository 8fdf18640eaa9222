import { Cron } from 'croner';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scheduleExpression } from '#lib/constructs/events/schedule-expression.ts';

test.each([
  ['0 0 * * *', 'cron(0 0 * * ? *)'],
  ['30 6 * * 1-5', 'cron(30 6 ? * 2,3,4,5,6 *)'],
  ['*/15 * * * *', 'cron(0,15,30,45 * * * ? *)'],
  ['0 0 1 1 *', 'cron(0 0 1 1 ? *)'],
  ['0 12 * jan-mar sun', 'cron(0 12 ? 1,2,3 1 *)'],
  ['5 4 * * 7', 'cron(5 4 ? * 1 *)'],
  ['0 8-16/4 10,20 * *', 'cron(0 8,12,16 10,20 * ? *)'],
])('%s becomes %s', (cron, expression) => {
  expect(scheduleExpression(cron)).toBe(expression);
});

test.each([
  ['0 0 1 * 1', 'names days of the month and of the week'],
  ['60 0 * * *', "has '60' for its minute"],
  ['0 5-2 * * *', "has '5-2' for its hour"],
  ['0 0 L * *', "has 'L' for its day of the month"],
  ['0 0 * *', 'is not cron with five fields'],
])('%s is refused', (cron, message) => {
  expect(() => scheduleExpression(cron)).toThrow(message);
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
  const days = fc.oneof(
    field(1, 28).map((day) => [day, '*']),
    field(0, 6).map((weekday) => ['*', weekday]),
  );
  const schedules = fc.tuple(field(0, 59), field(0, 23), days, field(1, 12));
  const instants = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(schedules, instants, ([minute, hour, [day, weekday], month], instant) => {
      const cron = `${minute} ${hour} ${day} ${month} ${weekday}`;
      const expression = scheduleExpression(cron);
      const tick = new Cron(cron, { timezone: 'UTC', paused: true }).nextRun(instant);
      const minuteOf = new Date(Math.floor(instant.getTime() / 60_000) * 60_000);
      expect(ticks(expression, minuteOf)).toBe(new Cron(cron, { timezone: 'UTC', paused: true }).match(minuteOf));
      expect(tick === null || ticks(expression, tick)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
