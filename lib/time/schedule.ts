/** From schedules to intervals: the run of tick T covers [previous tick, T), and its logical date is the start. */
import { Cron } from 'croner';
import type { PipelineOptions } from '#lib/contract/begin-event.ts';
import type { Run } from '../contract/envelope.ts';
import { runIdOf } from './run-id.ts';

const PRESETS: Record<string, string> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
};

type Scheduled = Pick<PipelineOptions, 'schedule' | 'timeZone'>;
type Described = Pick<PipelineOptions, 'dagId' | 'schedule' | 'timeZone' | 'startDate'>;
type Identity = Pick<Run, 'runId' | 'logicalDate' | 'dataInterval'>;

/** A date that names no run of its schedule. The message says which dates would. */
export class DateError extends Error {
  override readonly name = 'DateError';
}

/** A preset (`@daily`) as five-field cron; cron as it is. */
export const cronOf = (schedule: string): string => PRESETS[schedule] ?? schedule;

/** Why a schedule or zone is none, or undefined where they are right. */
export function wrongSchedule({ schedule, timeZone }: Scheduled): string | undefined {
  if (!Intl.supportedValuesOf('timeZone').includes(timeZone) && timeZone !== 'UTC') return `no IANA zone '${timeZone}'`;
  if (schedule === null) return undefined;
  const cron = cronOf(schedule);
  if (cron.trim().split(/\s+/).length !== 5) return `'${schedule}' is neither a preset nor cron with five fields`;
  try {
    new Cron(cron, { timezone: timeZone, paused: true });
    return undefined;
  } catch (error) {
    return `'${schedule}' is no cron: ${(error as Error).message}`;
  }
}

/** The run whose interval ends at a tick. The tick is taken as EventBridge sends it: to the second. */
export function runOfTick(pipeline: Scheduled, tick: Date): Identity {
  const start = previous(pipeline, tick);
  const end = next(pipeline, start);
  if (end.getTime() > tick.getTime()) throw new DateError(`${iso(tick)} is no tick of ${describe(pipeline)}.`);
  return identity(start, end);
}

/**
 * The run with a logical date.
 *
 * @param date `2026-11-19` or `2026-11-19T06:00` in the DAG's zone, or an instant with its offset (`…Z`, `…+03:00`).
 * @throws DateError where the schedule has no such logical date.
 */
export function runOfDate(pipeline: Scheduled, date: string): Identity {
  const start = instant(date, pipeline.timeZone);
  if (pipeline.schedule === null) return identity(start, start);
  const end = next(pipeline, start);
  const before = previous(pipeline, end);
  if (before.getTime() === start.getTime()) return identity(start, end);
  throw new DateError(
    `${date} is no logical date of ${describe(pipeline)}: the nearest are ${iso(before)} and ${iso(end)}.`,
  );
}

/** The run of the last interval that was over at an instant; without a schedule, the run of the instant itself. */
export function lastCompleteRun(pipeline: Scheduled, now: Date): Identity {
  if (pipeline.schedule === null) return identity(now, now);
  return runOfTick(pipeline, previous(pipeline, new Date(now.getTime() + 1000)));
}

/** Why a DAG has no run of a logical date that lies before its first one; undefined of any other date. */
export function refuseBeforeStart(
  { dagId, startDate, timeZone }: Omit<Described, 'schedule'>,
  logicalDate: string,
): string | undefined {
  if (Date.parse(logicalDate) >= instant(startDate, timeZone).getTime()) return undefined;
  return `${dagId} has no run of ${logicalDate}: its first logical date is ${startDate}, its startDate.`;
}

/** Why a DAG has no run yet of an interval that is not over at an instant; undefined where it is. */
export function refuseUnfinished(
  dagId: string,
  { logicalDate, dataInterval }: Pick<Run, 'logicalDate' | 'dataInterval'>,
  now: Date,
): string | undefined {
  if (Date.parse(dataInterval.end) <= now.getTime()) return undefined;
  return `${dagId} has no run of ${logicalDate} yet: its interval is over at ${dataInterval.end}. Run it then.`;
}

/** Why a DAG never has a run of an instant, with the nearest dates that it has one of; undefined where it has, or will. */
export function refuseNoRun(pipeline: Described, at: Date): string | undefined {
  try {
    return refuseBeforeStart(pipeline, runOfDate(pipeline, iso(at)).logicalDate);
  } catch (error) {
    if (error instanceof DateError) return error.message;
    throw error;
  }
}

/** So many logical dates of a schedule are looked at: enough for each hour of a month, each day of two years. */
const COMPARED = 750;

/** Why there is a logical date of one schedule that is none of another; undefined where there seems to be none. */
export function refuseSchedule(own: Scheduled & Pick<Described, 'startDate'>, other: Scheduled): string | undefined {
  if (own.schedule === null || other.schedule === null) return undefined;
  try {
    const start = new Date(instant(own.startDate, own.timeZone).getTime() - 1);
    const dates = cron(own).nextRuns(COMPARED, start);
    for (const date of dates) runOfDate(other, iso(date));
    return undefined;
  } catch (error) {
    if (error instanceof DateError) return error.message;
    throw error;
  }
}

const identity = (start: Date, end: Date): Identity => ({
  runId: runIdOf(start),
  logicalDate: iso(start),
  dataInterval: { start: iso(start), end: iso(end) },
});

const iso = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');
const describe = ({ schedule, timeZone }: Scheduled): string => `the schedule '${schedule}' (${timeZone})`;

function cron({ schedule, timeZone }: Scheduled): Cron {
  if (schedule === null) throw new DateError('A DAG without a schedule has no ticks.');
  return new Cron(cronOf(schedule), { timezone: timeZone, paused: true });
}

function next(pipeline: Scheduled, after: Date): Date {
  const tick = cron(pipeline).nextRun(after);
  if (!tick) throw new DateError(`${describe(pipeline)} has no tick after ${iso(after)}.`);
  return tick;
}

function previous(pipeline: Scheduled, before: Date): Date {
  const [tick] = cron(pipeline).previousRuns(1, before);
  if (!tick) throw new DateError(`${describe(pipeline)} has no tick before ${iso(before)}.`);
  return tick;
}

/** The instant of a local date and time in a zone; one that a clock change leaves out is no instant. */
function instant(date: string, timeZone: string): Date {
  const wrong = new DateError(
    `'${date}' is no date: write 2026-11-19, 2026-11-19T06:00, or an instant such as …T06:00Z.`,
  );
  const parts = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(date);
  if (!parts) throw wrong;
  const [, day, time = '00:00', offset] = parts;
  const utc = new Date(`${day}T${time}${offset ?? 'Z'}`);
  if (Number.isNaN(utc.getTime()) || (!offset && !utc.toISOString().startsWith(`${day}`))) throw wrong;
  if (offset || timeZone === 'UTC') return utc;
  const found = [-1, 0, 1]
    .map((day) => new Date(utc.getTime() - offsetOf(new Date(utc.getTime() + day * 86_400_000), timeZone)))
    .find((candidate) => candidate.getTime() + offsetOf(candidate, timeZone) === utc.getTime());
  if (!found) throw new DateError(`${date} does not exist in ${timeZone}: the clocks skip it.`);
  return found;
}

/** How far a zone's wall clock is ahead of UTC at an instant, in milliseconds. */
function offsetOf(at: Date, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const wall = Date.UTC(
    part['year'] ?? 0,
    (part['month'] ?? 1) - 1,
    part['day'],
    part['hour'],
    part['minute'],
    part['second'],
  );
  return wall - Math.floor(at.getTime() / 1000) * 1000;
}
