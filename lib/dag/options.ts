/** What an author may say of a DAG and its tasks, what holds where nothing is said, and the result in plain units. */
import type * as z from 'zod';
import type { Kind } from '#lib/contract/task-type.ts';
import type { Duration } from '#lib/time/duration.ts';

type Preset = `@${'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly'}`;
type Cron = `${string} ${string} ${string} ${string} ${string}`;

/** Airflow's, decided when all upstreams are finished. What each means is in `docs/authoring.md`. */
export const TRIGGER_RULES = [
  'all_success',
  'all_failed',
  'all_done',
  'all_done_min_one_success',
  'all_skipped',
  'one_success',
  'one_failed',
  'one_done',
  'none_failed',
  'none_failed_min_one_success',
  'none_skipped',
  'always',
] as const;
export type TriggerRule = (typeof TRIGGER_RULES)[number];

export interface TaskOptions {
  /** How often a task that failed for a reason that may pass is tried again. Default 0. */
  readonly retries?: number;
  /** The wait before the first retry; each further one is twice as long, up to ten times this. Default '5m'. */
  readonly retryDelay?: Duration;
  /** What of the tasks that it waits for lets it run. Default 'all_success'. */
  readonly triggerRule?: TriggerRule;
}

export interface MapOptions extends TaskOptions {
  /** The longest list that the task runs over; a longer one fails it. Default 1,000; above it, a distributed Map. */
  readonly maxItems?: number;
  /** Items at a time, 40 at the most. Default 10. */
  readonly maxConcurrency?: number;
  /**
   * So many items may fail: the task succeeds without them, and the run with warnings. It fails all the same where every
   * item failed. 100 at the most. Default 0.
   */
  readonly toleratedFailureCount?: number;
}

interface SensorOptions extends TaskOptions {
  /** The wait between two looks. Default '1m'. */
  readonly pokeInterval?: Duration;
  /** How long to look, over all attempts. Default '6h'. */
  readonly timeout?: Duration;
  /** Skips the task where its time is up, instead of failing it. Default false. */
  readonly softFail?: boolean;
}

interface CallbackOptions extends TaskOptions {
  /** How long to wait for the answer. Default '1d'. */
  readonly timeout?: Duration;
  /** Fails the task where no sign of life comes for as long as this. Without it, none is asked for. */
  readonly heartbeat?: Duration;
}

interface JobOptions extends TaskOptions {
  /** How long a try may take; then it is stopped. Default '1d'. */
  readonly timeout?: Duration;
}

/** What may be said of a task of a kind. */
export type OptionsOf<K extends Kind> = {
  task: TaskOptions;
  sensor: SensorOptions;
  callback: CallbackOptions;
  job: JobOptions;
}[K];

/** The options of all kinds, as they are read. */
export type AnyOptions = MapOptions & SensorOptions & CallbackOptions & JobOptions;

export interface DagOptions<P extends z.ZodObject> {
  /** A preset, five-field cron, or null for runs by hand only. */
  readonly schedule: Preset | Cron | null;
  /** The IANA zone of the schedule and of dates without a zone, 'Europe/Madrid'. Default 'UTC'. */
  readonly timeZone?: string;
  /** The first logical date, `2018-01-05`. */
  readonly startDate: string;
  /** The last day that has a logical date, `2026-12-31`. Without it, there is no end. */
  readonly endDate?: string;
  /** Runs the intervals since `startDate` that were over before the pipeline was deployed. Default false. */
  readonly catchup?: boolean;
  /** Runs at a time; further ones wait. Default 1. */
  readonly maxActiveRuns?: number;
  /** The sources know only the present, so a run that is not the newest does not run. Default false. */
  readonly snapshot?: boolean;
  /**
   * Ends the run as soon as a task fails: nothing more begins, and what runs beside it is not waited for. Only where
   * every trigger rule is all_success. Default false.
   */
  readonly failFast?: boolean;
  /** For every task that says nothing else. */
  readonly defaults?: TaskOptions;
  /** What a run may be started with; each param has a default or is optional. */
  readonly params?: P;
}

export const DEFAULTS = {
  dag: { timeZone: 'UTC', catchup: false, maxActiveRuns: 1, snapshot: false, failFast: false },
  task: { retries: 0, retryDelay: '5m', triggerRule: 'all_success' },
  map: { maxItems: 1000, maxConcurrency: 10, toleratedFailureCount: 0 },
  sensor: { pokeInterval: '1m', timeout: '6h', softFail: false },
  callback: { timeout: '1d' },
  job: { timeout: '1d' },
} as const;
