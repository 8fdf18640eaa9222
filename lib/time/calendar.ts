/** When cron ticks by the clock on a wall. Times are written as if they were UTC; zones are `ticks.ts`'s business. */
import { type CronFields, cronOf, parseCron } from './cron.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** A fifth Friday in February comes every 28 years, 40 around a century that leaps not. */
const DAYS_TO_LOOK = 41 * 366;

export interface Calendar {
  /** The first tick after a time; undefined where there is none. */
  next(after: Date): Date | undefined;
  /** The last tick before a time; undefined where there is none. */
  previous(before: Date): Date | undefined;
}

const calendars = new Map<string, Calendar>();

/**
 * Of a schedule: a preset, or five-field cron.
 * @throws CronError
 */
export function calendarOf(schedule: string): Calendar {
  const known = calendars.get(schedule);
  if (known) return known;
  const made = calendar(parseCron(cronOf(schedule)));
  calendars.set(schedule, made);
  return made;
}

function calendar(fields: CronFields): Calendar {
  const { hours = range(24), minutes = range(60) } = fields;
  const times = hours.flatMap((hour) => minutes.map((minute) => (hour * 60 + minute) * MINUTE_MS));
  const backwards = times.toReversed();
  const find = (from: number, by: 1 | -1): Date | undefined => {
    const today = Math.floor(from / DAY_MS);
    for (let day = today; Math.abs(day - today) <= DAYS_TO_LOOK; day += by) {
      if (!hasDay(fields, new Date(day * DAY_MS))) continue;
      const start = day * DAY_MS;
      const time = (by > 0 ? times : backwards).find((one) => (start + one - from) * by > 0);
      if (time !== undefined) return new Date(start + time);
    }
    return undefined;
  };
  return { next: (after) => find(after.getTime(), 1), previous: (before) => find(before.getTime(), -1) };
}

const range = (length: number): number[] => Array.from({ length }, (_, n) => n);

/** Where both days of the month and of the week are named, either makes a day one of the schedule. */
function hasDay({ months, monthDays, weekdays }: CronFields, day: Date): boolean {
  if (months && !months.includes(day.getUTCMonth() + 1)) return false;
  if (monthDays === undefined) return isWeekday(weekdays, day);
  if (weekdays === undefined) return isMonthDay(monthDays, day);
  return isMonthDay(monthDays, day) || isWeekday(weekdays, day);
}

function isMonthDay(wanted: CronFields['monthDays'], day: Date): boolean {
  const date = day.getUTCDate();
  if (wanted === undefined) return true;
  if (wanted === 'last') return date === daysInMonth(day);
  if ('nearestWeekdayTo' in wanted) return date === nearestWeekday(day, wanted.nearestWeekdayTo);
  return wanted.includes(date);
}

function isWeekday(wanted: CronFields['weekdays'], day: Date): boolean {
  if (wanted === undefined) return true;
  if (!('weekday' in wanted)) return wanted.includes(day.getUTCDay());
  const date = day.getUTCDate();
  const isNth = wanted.nth === 'last' ? date + 7 > daysInMonth(day) : Math.ceil(date / 7) === wanted.nth;
  return isNth && day.getUTCDay() === wanted.weekday;
}

const daysInMonth = (day: Date): number =>
  new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();

/** Monday to Friday nearest to a day, within its month; undefined in a month that has no such day. */
function nearestWeekday(month: Date, date: number): number | undefined {
  const last = daysInMonth(month);
  if (date > last) return undefined;
  const weekday = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth(), date)).getUTCDay();
  if (weekday === 6) return date === 1 ? 3 : date - 1;
  if (weekday === 0) return date === last ? date - 2 : date + 1;
  return date;
}
