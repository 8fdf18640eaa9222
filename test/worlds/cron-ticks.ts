/** Ticks as an independent library has them, and the schedules and zones in which ours are held against them. */
import { CronExpressionParser } from 'cron-parser';
import type { Ticking } from '#lib/time/ticks.ts';

/** Both hemispheres, clocks that change by half an hour, at midnight, never, and at other dates than in the north. */
export const SCHEDULES: readonly Ticking[] = [
  ['0 2 * * *', 'America/New_York'],
  ['30 2 * 3 *', 'America/New_York'],
  ['30 1 * 11 *', 'America/New_York'],
  ['15 2,3 * * 6,0', 'America/Chicago'],
  ['0 1,2,3 * 3,11 0', 'America/Los_Angeles'],
  ['*/30 1-3 * 3,11 SUN', 'America/Denver'],
  ['0 0 * * 1', 'America/Sao_Paulo'],
  ['0 0 1 * *', 'America/Santiago'],
  ['30 23 * * 6', 'America/Santiago'],
  ['0 0 * 3,9,10,11 0', 'America/Havana'],
  ['30 0 * 4,10 5', 'Africa/Cairo'],
  ['0 0 * 4,10 *', 'Africa/Cairo'],
  ['0 2 * * 0', 'Africa/Casablanca'],
  ['30 1 * * 0', 'Europe/London'],
  ['0 1 * 3,10 *', 'Europe/London'],
  ['30 2 * * 0', 'Europe/Madrid'],
  ['0 3 L * *', 'Europe/Madrid'],
  ['0 6 * * 5L', 'Europe/Paris'],
  ['0 2 29 2 *', 'Europe/Berlin'],
  ['0 12 31 * *', 'Europe/Moscow'],
  ['0 0 * * 0', 'Asia/Beirut'],
  ['0 0 * 3,10 *', 'Asia/Beirut'],
  ['45 5 1,15 * *', 'Asia/Kolkata'],
  ['15 4 * * 2#2', 'Asia/Kathmandu'],
  ['0 0 1 1,7 *', 'Asia/Tokyo'],
  ['30 1 * 4,10 0', 'Australia/Lord_Howe'],
  ['30 2 * * 0', 'Australia/Sydney'],
  ['0 0 31 * *', 'Australia/Adelaide'],
  ['45 2 * 4,9 *', 'Pacific/Auckland'],
  ['0 3 * 4,9 0', 'Pacific/Chatham'],
  ['0 0 30,31 12 *', 'Pacific/Apia'],
  ['0 1 * 3,10 0', 'Atlantic/Azores'],
  ['0 0 1 * 1', 'UTC'],
  ['0 12 */10 * 5', 'America/New_York'],
  ['5 4 29,30,31 1-3 *', 'UTC'],
  ['0 8 1-7 * 1#1', 'Europe/Madrid'],
  ['0 0 1 */3 *', 'UTC'],
].map(([schedule = '', timeZone = '']) => ({ schedule, timeZone }));

/**
 * The ticks by cron-parser, but for what it does otherwise than EventBridge Scheduler: it puts a tick in a gap off, and
 * a schedule of every hour it lets tick in both hours that the clock shows twice.
 */
export function* independentTicks({ schedule, timeZone }: Ticking, after: Date): Generator<Date> {
  const zoned = CronExpressionParser.parse(schedule, { tz: timeZone, currentDate: after });
  const hours: readonly number[] = zoned.fields.hour.values;
  const minutes: readonly number[] = zoned.fields.minute.values;
  for (let last = Number.NEGATIVE_INFINITY; zoned.hasNext(); ) {
    const tick = zoned.next();
    const [year, month, day] = [tick.getFullYear(), tick.getMonth(), tick.getDate()];
    const [hour, minute] = [tick.getHours(), tick.getMinutes()];
    const wall = Date.UTC(year, month, day, hour, minute);
    if (wall > last && hours.includes(hour) && minutes.includes(minute)) yield tick.toDate();
    last = Math.max(last, wall);
  }
}
