/** From schedules to intervals: the run of tick T covers [previous tick, T), and its logical date is the start. */
import type { PipelineOptions } from '#lib/contract/begin-event.ts';
import type { Run } from '../contract/envelope.ts';
import { calendarOf } from './calendar.ts';
import { CronError } from './cron.ts';
import { runIdOf } from './run-id.ts';
import { nextTick, previousTick, type Ticking, tickOf, ticksBetween } from './ticks.ts';
import { dayOf, instantOf } from './wall-clock.ts';

type Scheduled = Pick<PipelineOptions, 'schedule' | 'timeZone'>;
type Described = Pick<PipelineOptions, 'dagId' | 'schedule' | 'timeZone' | 'startDate'> &
  Partial<Pick<PipelineOptions, 'endDate'>>;
export type Identity = Pick<Run, 'runId' | 'logicalDate' | 'dataInterval'>;

/** A date that names no run of its schedule. The message says which dates would. */
export class DateError extends Error {
  override readonly name = 'DateError';
}

/** Why a schedule or zone is none, or undefined where they are right. */
export function wrongSchedule({ schedule, timeZone }: Scheduled): string | undefined {
  if (timeZone !== 'UTC' && !isZone(timeZone))
    return `no IANA zone '${timeZone}': write 'UTC', or one such as 'Europe/Madrid'`;
  if (schedule === null) return undefined;
  try {
    return calendarOf(schedule).next(new Date(0)) ? undefined : `'${schedule}' never comes`;
  } catch (error) {
    if (error instanceof CronError) return `'${schedule}': ${error.message}`;
    throw error;
  }
}

/** By IANA's names, old ones and new, as they are written: the runtime takes any case, and offsets; AWS does not. */
function isZone(name: string): boolean {
  if (!/^[A-Z]\w+(\/[A-Z][\w+-]*)+$/.test(name)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions();
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

/**
 * The run whose interval ends at a tick.
 * @throws DateError where the schedule has no such tick
 */
export function runOfTick(pipeline: Scheduled, told: Date): Identity {
  const tick = tickOf(ticking(pipeline), told);
  const start = previous(pipeline, tick);
  const end = next(pipeline, start);
  if (end.getTime() !== tick.getTime()) throw new DateError(`${iso(told)} is no tick of ${describe(pipeline)}.`);
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
  return runOfTick(pipeline, previous(pipeline, new Date(now.getTime() + 1)));
}

/** Why a DAG has no run of a logical date that is not of its days; undefined of any other date. */
export function refuseOutside(
  { dagId, startDate, endDate, timeZone }: Omit<Described, 'schedule'>,
  logicalDate: string,
): string | undefined {
  const day = dayOf(new Date(logicalDate), timeZone);
  if (day < startDate)
    return `${dagId} has no run of ${logicalDate}: its first logical date is ${startDate}, its startDate.`;
  if (endDate && day > endDate)
    return `${dagId} has no run of ${logicalDate}: its last day is ${endDate}, its endDate.`;
  return undefined;
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
    return refuseOutside(pipeline, runOfDate(pipeline, iso(at)).logicalDate);
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
    let compared = 0;
    for (const date of ticksBetween(ticking(own), eveOf(own.startDate), FOREVER)) {
      if (dayOf(date, own.timeZone) < own.startDate) continue;
      runOfDate(other, iso(date));
      if (++compared === COMPARED) break;
    }
    return undefined;
  } catch (error) {
    if (error instanceof DateError) return error.message;
    throw error;
  }
}

export interface DueTick extends Identity {
  /** The instant of the tick, which is the end of the interval. */
  readonly tick: string;
}

/**
 * The ticks of a pipeline after one instant, up to another, that one included, which have a run: its logical date is of
 * the pipeline's days. A pipeline without a schedule has none.
 */
export function* dueTicks(
  pipeline: Omit<Described, 'dagId'>,
  { after, until }: { readonly after: Date; readonly until: Date },
): Generator<DueTick> {
  const { schedule, timeZone, startDate, endDate } = pipeline;
  if (schedule === null) return;
  const from = new Date(Math.max(after.getTime(), eveOf(startDate).getTime()));
  let start = previous(pipeline, new Date(from.getTime() + 1));
  for (const end of ticksBetween({ schedule, timeZone }, from, until)) {
    const day = dayOf(start, timeZone);
    if (endDate && day > endDate) return;
    if (day >= startDate) yield { tick: iso(end), ...identity(start, end) };
    start = end;
  }
}

/** The first ticks after an instant that have a run. */
export function* nextTicks(
  pipeline: Omit<Described, 'dagId'>,
  { after, count }: { readonly after: Date; readonly count: number },
): Generator<DueTick> {
  let left = count;
  for (const tick of dueTicks(pipeline, { after, until: FOREVER })) {
    yield tick;
    if (--left === 0) return;
  }
}

/** Every run of a pipeline whose interval is over at an instant, from its first day on: what catchup makes up for. */
export const runsUntil = (pipeline: Omit<Described, 'dagId'>, until: Date): Generator<DueTick> =>
  dueTicks(pipeline, { after: eveOf(pipeline.startDate), until });

/** Before the day begins in any zone. */
const eveOf = (day: string): Date => new Date(Date.parse(`${day}T00:00:00Z`) - 2 * 86_400_000);
const FOREVER = new Date(8.64e15);

const identity = (start: Date, end: Date): Identity => ({
  runId: runIdOf(start),
  logicalDate: iso(start),
  dataInterval: { start: iso(start), end: iso(end) },
});

const iso = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');
const describe = ({ schedule, timeZone }: Scheduled): string => `the schedule '${schedule}' (${timeZone})`;

function ticking({ schedule, timeZone }: Scheduled): Ticking {
  if (schedule === null) throw new DateError('A DAG without a schedule has no ticks.');
  return { schedule, timeZone };
}

function next(pipeline: Scheduled, after: Date): Date {
  const tick = nextTick(ticking(pipeline), after);
  if (!tick) throw new DateError(`${describe(pipeline)} has no tick after ${iso(after)}.`);
  return tick;
}

function previous(pipeline: Scheduled, before: Date): Date {
  const tick = previousTick(ticking(pipeline), before);
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
  if (offset) return utc;
  const found = instantOf(utc, timeZone);
  if (!found) throw new DateError(`${date} does not exist in ${timeZone}: the clocks skip it.`);
  return found;
}
