/**
 * Lists of a pipeline's runs, newest first, without reading their records: S3 lists keys in the order of logical dates,
 * and when a record is closed, an object beside it tells in its key how. A record that is open, or was changed since, is
 * read.
 */
import { logicalDateOf, runIdOf } from '#lib/time/run-id.ts';
import { lastCompleteRun } from '#lib/time/schedule.ts';
import { Damaged } from './errors.ts';
import { closedKey, runOfKey, runRecordPrefix } from './keys.ts';
import { type FoundRecord, failedTasksOf, isClosed, type RunRecord, readRecord } from './run-record.ts';
import type { Store } from './store.ts';

export interface ListedRun {
  readonly runId: string;
  readonly logicalDate: string;
  readonly state: RunRecord['state'] | 'damaged';
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
  /** Its tasks that failed, and its warnings: how many. */
  readonly failedTasks: number;
  readonly warnings: number;
  /** Of a run whose record is open: the ARN. */
  readonly execution?: string;
  /** Of a record that cannot be read: why, and what to do. */
  readonly problem?: string;
}

interface ScheduledPipeline {
  readonly dagId: string;
  readonly schedule: string | null;
  readonly timeZone: string;
}

/** Tells those who list runs how a record was closed. */
export async function summarize(store: Store, { record, etag }: FoundRecord): Promise<void> {
  const { state, startedAt = record.queuedAt, endedAt = startedAt, warnings = [] } = record;
  const facts = [state, startedAt, endedAt, failedTasksOf(record).length, warnings.length].join(SEPARATOR);
  await store.create(closedKey(record, etag, facts), {});
}

/**
 * The runs from the one with the newest logical date on, as far as they are taken.
 * @param count how many the caller means to take: so far back the first request looks
 */
export async function* newestRuns(
  store: Store,
  pipeline: ScheduledPipeline,
  { count, now }: { readonly count: number; readonly now: Date },
): AsyncGenerator<ListedRun> {
  for await (const found of findBackwards(store, pipeline, { count, now })) yield describe(store, pipeline, found);
}

/** Of the run with the newest logical date; undefined where there is none. */
export async function newestRunId(store: Store, pipeline: ScheduledPipeline, now: Date): Promise<string | undefined> {
  for await (const { runId } of findBackwards(store, pipeline, { count: 1, now })) return runId;
  return undefined;
}

/** The runs with logical dates from one run's to another's, both included, newest first, as far as they are taken. */
export async function* runsBetween(
  store: Store,
  pipeline: Pick<ScheduledPipeline, 'dagId'>,
  { from, to }: { readonly from: string; readonly to: string },
): AsyncGenerator<ListedRun> {
  // Of all keys that begin with the id, the last.
  const found = await find(store, pipeline.dagId, { from, before: `${to}/\u{ffff}` });
  for (const one of found) yield describe(store, pipeline, one);
}

const SEPARATOR = '~';
const DAY_MS = 86_400_000;
/** So many times further back each further request looks. */
const FURTHER = 32;

/** A run of a list, before its record is looked at. */
interface Found {
  readonly runId: string;
  /** Of the record: its ETag. */
  version: string | undefined;
  /** By the version of the record that they are of. */
  readonly facts: Map<string, string>;
}

async function* findBackwards(
  store: Store,
  { dagId, ...scheduled }: ScheduledPipeline,
  { count, now }: { readonly count: number; readonly now: Date },
): AsyncGenerator<Found> {
  let before: string | undefined;
  for (let span = spanOf(scheduled, count, now); before !== ''; span *= FURTHER) {
    const from = span < now.getTime() ? runIdOf(new Date(now.getTime() - span)) : '';
    yield* await find(store, dagId, { from, before });
    before = from;
  }
}

/** How long ago the run is that lies so many runs back, if none was left out. */
function spanOf(scheduled: Pick<ScheduledPipeline, 'schedule' | 'timeZone'>, count: number, now: Date): number {
  if (scheduled.schedule === null) return count * DAY_MS;
  const { start, end } = lastCompleteRun(scheduled, now).dataInterval;
  return now.getTime() - Date.parse(start) + count * (Date.parse(end) - Date.parse(start));
}

/** Newest first. */
async function find(
  store: Store,
  dagId: string,
  { from, before }: { readonly from: string; readonly before: string | undefined },
): Promise<Found[]> {
  const prefix = runRecordPrefix(dagId);
  const runs = new Map<string, Found>();
  for await (const object of store.objects(prefix, prefix + from)) {
    if (before !== undefined && object.key >= prefix + before) break;
    const of = runOfKey(object);
    if (of === undefined) continue;
    const run = runs.get(of.runId) ?? { runId: of.runId, version: undefined, facts: new Map() };
    runs.set(of.runId, run);
    if (of.facts === undefined) run.version = of.version;
    else run.facts.set(of.version, of.facts);
  }
  return [...runs.values()].filter(({ version }) => version !== undefined).reverse();
}

async function describe(
  store: Store,
  { dagId }: Pick<ScheduledPipeline, 'dagId'>,
  { runId, version = '', facts }: Found,
): Promise<ListedRun> {
  const run = { runId, logicalDate: logicalDateOf(runId) };
  return { ...run, ...(parseFacts(facts.get(version)) ?? (await readFacts(store, { dagId, runId }))) };
}

function parseFacts(facts: string | undefined): Omit<ListedRun, 'runId' | 'logicalDate'> | undefined {
  const [state, startedAt, endedAt, failedTasks, warnings] = facts?.split(SEPARATOR) ?? [];
  if (state !== 'success' && state !== 'failed') return undefined;
  return { state, startedAt, endedAt, failedTasks: Number(failedTasks), warnings: Number(warnings) };
}

async function readFacts(store: Store, of: { readonly dagId: string; readonly runId: string }) {
  try {
    const record = (await readRecord(store, of))?.record;
    if (!record) return { state: 'damaged' as const, failedTasks: 0, warnings: 0, problem: 'It was just removed.' };
    const { state, startedAt, endedAt, execution, warnings = [] } = record;
    const counts = { failedTasks: failedTasksOf(record).length, warnings: warnings.length };
    return { state, startedAt, endedAt, ...counts, ...(!isClosed(record) && { execution }) };
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    return { state: 'damaged' as const, failedTasks: 0, warnings: 0, problem: error.message };
  }
}
