import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCron } from '#lib/time/cron.ts';

test.each([
  ['0 0 * *', /neither a preset nor cron with five fields/],
  ['60 0 * * *', /its minute has '60', which means nothing there: it is 0 to 59/],
  ['0 5-2 * * *', /its hour has '5-2'/],
  ['0 0 0 * *', /its day of the month has '0'/],
  ['0 0 32W * *', /its day of the month has '32W'/],
  ['0 0 * 13 *', /its month has '13'/],
  ['0 0 * * 8', /its day of the week has '8'/],
  ['0 0 * * L', /its day of the week has 'L'/],
  ['0 0 L-3 * *', /its day of the month has 'L-3'/],
  ['0 0 LW * *', /its day of the month has 'LW'/],
  ['0 0 ? * 1', /its day of the month has '\?'/],
  ['0 0 * * +1', /its day of the week has '\+1'/],
  ['5/10 * * * *', /its minute has '5\/10', which crons read differently: write 5-59\/10/],
  ['*/0 * * * *', /its minute has '\*\/0'/],
  ['0 0 1,L * *', /has 'L' in a list, which AWS does not take/],
  ['0 0 1W,15 * *', /has '1W' in a list/],
  ['0 0 * * 1#1,3#2', /has '1#1' in a list/],
  ['0 0 * * 1,5L', /has '5L' in a list/],
  ['0 0 * * 1#6', /its day of the week has '1#6'/],
  ['H * * * *', /its minute has 'H'/],
])('%s is refused', (cron, message) => {
  expect(() => parseCron(cron)).toThrow(message);
});

test('ranges, steps, lists and names are written out; Sunday is 0 and 7', () => {
  expect(parseCron('*/20 8-16/4,9 10,20 jan-MAR sun,5-7')).toEqual({
    minutes: [0, 20, 40],
    hours: [8, 9, 12, 16],
    monthDays: [10, 20],
    months: [1, 2, 3],
    weekdays: [0, 5, 6],
  });
  expect(parseCron('* * L * thu#2')).toMatchObject({ monthDays: 'last', weekdays: { weekday: 4, nth: 2 } });
  expect(parseCron('* * 15w * 7L')).toMatchObject({
    monthDays: { nearestWeekdayTo: 15 },
    weekdays: { weekday: 0, nth: 'last' },
  });
});

test('a text is cron or refused with a reason, and never anything else', () => {
  const field = fc.stringMatching(/^[0-9a-zLW*,/#?+-]{1,6}$/);
  fc.assert(
    fc.property(fc.array(field, { minLength: 5, maxLength: 5 }), (fields) => {
      try {
        const { minutes = [0] } = parseCron(fields.join(' '));
        expect(minutes.every((minute) => minute >= 0 && minute < 60)).toBe(true);
      } catch (error) {
        expect((error as Error).name).toBe('CronError');
      }
    }),
  );
});
