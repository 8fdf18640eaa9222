/** What begin does: from an execution's input to the right to carry a run out. */

import type { BeginEvent, ExecutionInput, PipelineOptions, RunKind } from '#lib/contract/begin-event.ts';
import { type BegunRun, run } from '#lib/contract/envelope.ts';
import { Busy, Duplicate, NoSnapshot, Terminal } from '#lib/contract/errors.ts';
import { pointToRun } from '#lib/runs/execution-pointer.ts';
import type { Executions } from '#lib/runs/executions.ts';
import { carryOver, resultsOf } from '#lib/runs/ledger.ts';
import { isPausedAt } from '#lib/runs/pauses.ts';
import { type FoundRecord, isClosed, nativeTasks, type RunRecord, readRecord, runIdsOf } from '#lib/runs/run-record.ts';
import type { Store } from '#lib/runs/store.ts';
import { carryWarningsOver } from '#lib/runs/warnings.ts';
import {
  DateError,
  lastCompleteRun,
  refuseOutside,
  refuseUnfinished,
  runOfDate,
  runOfTick,
} from '#lib/time/schedule.ts';
import { readParams, withEarlierParams } from './params.ts';
import { claimRecord, updateRecord } from './record.ts';
import { reopening } from './reopen.ts';
import { freeSlot, takeSlot } from './slots.ts';

interface Deps {
  readonly store: Store;
  readonly executions: Pick<Executions, 'ended'>;
  readonly now: () => Date;
}

/**
 * Decides which run the execution is for, makes it the run's only one, and waits for a slot.
 *
 * @returns the run, as its tasks get it
 * @throws Duplicate where another execution carries the run out, or did, or a tick is to begin nothing; Busy while there is no slot, or while that other
 *   execution is to be waited for; NoSnapshot where the run must go from its raw and never began; Terminal where the
 *   input names no run, or has params that the DAG does not
 */
export async function claimRun(deps: Deps, event: BeginEvent): Promise<BegunRun> {
  const { execution, input, pipeline } = event;
  const asked = await newRecord(deps, event);
  await refusePaused(deps.store, event);
  const wanted = (await goesFromRaw(deps.store, asked, event)) ? { ...asked, fromRaw: true as const } : asked;
  await pointToRun(deps.store, execution, wanted);

  await claimRecord(deps, wanted, reopening(deps.store, wanted, event)).catch((error: unknown) => {
    throw error instanceof Duplicate && input.wait ? new Busy(error.message, { cause: error }) : error;
  });
  const { dagId, maxActiveRuns } = pipeline;
  const slot = takeSlot(deps, { dagId, maxActiveRuns, runId: wanted.runId, execution, kind: kindOf(input) });
  const refusal: unknown = await slot.catch((error: unknown) => error);
  const found = await stillOurs(deps.store, wanted);
  if (refusal) throw refusal;
  if (found.record.state === 'running') return answerOf(deps.store, found.record);
  await carryResults(deps.store, found.record);
  const started = await updateRecord(deps.store, found, { state: 'running', startedAt: deps.now().toISOString() });
  return answerOf(deps.store, started.record);
}

async function carryResults(store: Store, record: RunRecord): Promise<void> {
  const { reused = [], items = {} } = record;
  if (reused.length > 0) await carryOver(store, record, reused);
  const warning = [...reused, ...Object.keys(items)];
  if (warning.length > 0) await carryWarningsOver(store, record, warning);
}

/** What the machine is told: the run, and what those of its tasks gave that it cannot ask for. */
async function answerOf(store: Store, record: RunRecord): Promise<BegunRun> {
  const native = nativeTasks(record).filter((id) => record.reused?.includes(id));
  if (native.length === 0) return run.parse(record);
  const results = Object.entries(await resultsOf(store, record, native));
  return { ...run.parse(record), reused: Object.fromEntries(results.map(([id, { output }]) => [id, output])) };
}

/**
 * The record, seen after a slot was taken or waited for. End closes the record before it frees the slot: an attempt that
 * stood still until its execution had ended finds it closed, and gives back what nobody would free.
 */
async function stillOurs(store: Store, { dagId, runId, execution }: RunRecord): Promise<FoundRecord> {
  const found = await readRecord(store, { dagId, runId });
  if (found?.record.execution === execution && !isClosed(found.record)) return found;
  await freeSlot(store, dagId, execution);
  throw new Duplicate(`${dagId} ${runId} was closed or taken over while ${execution} was beginning it.`);
}

async function newRecord({ store, now }: Deps, event: BeginEvent): Promise<RunRecord> {
  const { execution, startTime, input, pipeline } = event;
  const identity = { dagId: pipeline.dagId, ...identify(pipeline, input, new Date(startTime)) };
  const isRerun = typeof input.clear === 'object';
  const before = isRerun ? (await readRecord(store, identity))?.record.params : undefined;
  return {
    ...identity,
    clearing: 1,
    execution,
    params: readParams(withEarlierParams(event, before)),
    ...(input.sources && { sources: input.sources }),
    kind: kindOf(input),
    state: 'queued',
    queuedAt: now().toISOString(),
    taskIds: pipeline.tasks,
    ...(pipeline.nodes && { nodes: pipeline.nodes }),
  };
}

const kindOf = ({ backfill, tick }: ExecutionInput): RunKind =>
  backfill ? 'backfill' : tick === undefined ? 'manual' : 'scheduled';

/** @throws Duplicate for a tick of the schedule in a pause of the pipeline. What people start is not paused. */
async function refusePaused(store: Store, { input, pipeline: { dagId } }: BeginEvent): Promise<void> {
  if (input.tick === undefined || input.backfill || !(await isPausedAt(store, dagId, new Date(input.tick)))) return;
  throw new Duplicate(`${dagId} is paused at ${input.tick}, so that this tick begins no run.`);
}

function identify(pipeline: PipelineOptions, { tick, logicalDate }: ExecutionInput, startTime: Date) {
  try {
    const identity =
      tick !== undefined
        ? runOfTick(pipeline, new Date(tick))
        : logicalDate !== undefined
          ? runOfDate(pipeline, logicalDate)
          : lastCompleteRun(pipeline, startTime);
    const tooEarly = refuseOutside(pipeline, identity.logicalDate);
    // A schedule ticks from its deployment on, which nobody need be mailed.
    if (tooEarly !== undefined) throw tick === undefined ? new Terminal(tooEarly) : new Duplicate(tooEarly);
    const unfinished = refuseUnfinished(pipeline.dagId, identity, startTime);
    if (unfinished !== undefined) throw new Terminal(unfinished);
    return identity;
  } catch (error) {
    if (error instanceof DateError) throw new Terminal(`Beginning a run of ${pipeline.dagId}: ${error.message}`);
    throw error;
  }
}

/**
 * Whether the run takes the raw that it left before, and asks no source: because it is told to, or because its sources
 * know only the present, so that they cannot give an older day's state once a newer day's is being taken.
 * @throws NoSnapshot where that must be, and the run never began
 */
async function goesFromRaw(store: Store, wanted: RunRecord, { input, pipeline }: BeginEvent): Promise<boolean> {
  const newer = pipeline.snapshot ? await newerRun(store, wanted) : undefined;
  if (newer === undefined && !input.fromRaw) return false;
  if (await readRecord(store, wanted)) return true;
  const { dagId, logicalDate } = wanted;
  const why =
    newer === undefined
      ? 'it never ran, so there is no raw to go from'
      : `its sources know only the present, the run ${newer} is newer, and there is no raw of this date`;
  throw new NoSnapshot(
    `${dagId} has no snapshot of ${logicalDate}: ${why}. No table was touched. ` +
      `Run ${newer === undefined ? 'it from its sources' : 'the newest date, or a later one'}.`,
  );
}

/** A newer run that has begun. One that only waits takes its snapshot later than this run does. */
async function newerRun(store: Store, { dagId, runId }: RunRecord): Promise<string | undefined> {
  for (const newer of (await runIdsOf(store, dagId)).filter((one) => one > runId).toReversed()) {
    const state = (await readRecord(store, { dagId, runId: newer }))?.record.state;
    if (state && state !== 'queued') return newer;
  }
  return undefined;
}
