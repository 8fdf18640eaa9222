import { expect, test } from 'vitest';
import { ticksBetween } from '#lib/time/ticks.ts';
import { independentTicks, SCHEDULES } from '../../worlds/cron-ticks.ts';

const [AFTER, UNTIL] = [new Date('2020-01-01T00:00:00Z'), new Date('2050-01-01T00:00:00Z')];

test.each(SCHEDULES)('30 years of ticks of $schedule in $timeZone are those of an independent library', (of) => {
  const ours = ticksBetween(of, AFTER, UNTIL);
  for (const expected of independentTicks(of, AFTER)) {
    if (expected > UNTIL) break;
    expect(ours.next().value).toEqual(expected);
  }
  expect(ours.next().done).toBe(true);
});
