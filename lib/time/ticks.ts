/**
 * The ticks of a schedule in its zone, as EventBridge Scheduler has them: a time that the clocks skip is no tick, and one
 * that they show twice is a tick the first time.
 */
import { calendarOf } from './calendar.ts';
import { instantOf, offsetOf, wallOf } from './wall-clock.ts';

/** A schedule that is one: not of runs by hand only. */
export interface Ticking {
  /** A preset, or five-field cron. */
  readonly schedule: string;
  readonly timeZone: string;
}

const DAY_MS = 86_400_000;

/** The first tick after an instant; undefined where there is none. */
export function nextTick({ schedule, timeZone }: Ticking, after: Date): Date | undefined {
  const { next } = calendarOf(schedule);
  for (let wall = next(wallOf(after, timeZone)); wall; wall = next(wall)) {
    const tick = instantOf(wall, timeZone);
    if (tick && tick > after) return tick;
  }
  return undefined;
}

/** The last tick before an instant; undefined where there is none. */
export function previousTick({ schedule, timeZone }: Ticking, before: Date): Date | undefined {
  const { previous } = calendarOf(schedule);
  // Where the clocks were put back since, they had shown later times before.
  const ahead = Math.max(...[0, DAY_MS].map((back) => offsetOf(before.getTime() - back, timeZone)));
  for (let wall = previous(new Date(before.getTime() + ahead)); wall; wall = previous(wall)) {
    const tick = instantOf(wall, timeZone);
    if (tick && tick < before) return tick;
  }
  return undefined;
}

/** The ticks after one instant, up to another, that one included. */
export function* ticksBetween(of: Ticking, after: Date, until: Date): Generator<Date> {
  for (let tick = nextTick(of, after); tick && tick <= until; tick = nextTick(of, tick)) yield tick;
}

/** The tick that an event tells of, to the minute. Of a time that the clocks show twice, it may tell the second time. */
export function tickOf({ timeZone }: Ticking, told: Date): Date {
  const minute = new Date(Math.floor(told.getTime() / 60_000) * 60_000);
  return instantOf(wallOf(minute, timeZone), timeZone) ?? minute;
}
