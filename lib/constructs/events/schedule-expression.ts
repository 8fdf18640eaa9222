/** From cron as DAGs have it to cron as EventBridge and EventBridge Scheduler have it. */
import { CronError, type CronFields, parseCron } from '#lib/time/cron.ts';
import { AppError } from '../errors.ts';

/**
 * The expressions of five-field cron. Every range and step is written out, because the two dialects read them
 * differently; days of the week are counted from 1. AWS has no expression for days of the month together with days of
 * the week, which is when either matches: they become two.
 *
 * @param cron five fields: `30 6 * * 1-5`
 * @throws AppError where AWS has no such schedule
 */
export function scheduleExpressions(cron: string): readonly string[] {
  const { minutes, hours, monthDays, months, weekdays } = parsed(cron);
  const expression = (days: string, weekday: string) =>
    `cron(${listed(minutes)} ${listed(hours)} ${days} ${listed(months)} ${weekday} *)`;
  const ofMonth = expression(monthDaysIn(monthDays), '?');
  const ofWeek = expression('?', weekdaysIn(weekdays));
  if (weekdays === undefined) return [ofMonth];
  return monthDays === undefined ? [ofWeek] : [ofMonth, ofWeek];
}

function parsed(cron: string): CronFields {
  try {
    return parseCron(cron);
  } catch (error) {
    if (error instanceof CronError) throw new AppError(`The schedule '${cron}': ${error.message}.`);
    throw error;
  }
}

const listed = (values: readonly number[] | undefined): string => values?.join(',') ?? '*';

function monthDaysIn(days: CronFields['monthDays']): string {
  if (days === 'last') return 'L';
  return days && 'nearestWeekdayTo' in days ? `${days.nearestWeekdayTo}W` : listed(days);
}

function weekdaysIn(days: CronFields['weekdays']): string {
  if (days && 'weekday' in days) return `${days.weekday + 1}${days.nth === 'last' ? 'L' : `#${days.nth}`}`;
  return listed(days?.map((day) => day + 1));
}
