/** What end does with the record and the slot of an execution that has ended. */

import { type TaskStatus, taskStatus } from '#lib/contract/task-status.ts';
import { byName } from '#lib/runs/by-name.ts';
import { runOfExecution } from '#lib/runs/execution-pointer.ts';
import type { Ended, Executions } from '#lib/runs/executions.ts';
import { tasksWithResult } from '#lib/runs/ledger.ts';
import { summarize } from '#lib/runs/run-list.ts';
import { type FoundRecord, isClosed, type RecordedStatus, type RunRecord, readRecord } from '#lib/runs/run-record.ts';
import type { Store } from '#lib/runs/store.ts';
import { readWarnings, toleratedFailures } from '#lib/runs/warnings.ts';
import { updateRecord } from './record.ts';
import { freeSlot } from './slots.ts';

const statuses = byName(taskStatus);
type Statuses = Readonly<Record<string, TaskStatus>>;

interface State {
  readonly store: Store;
  readonly executions: Pick<Executions, 'statuses' | 'failures' | 'details'>;
}

/**
 * Closes the record of the run that an execution carried out, with the status of every task, and frees its slot.
 * Doing it again changes nothing.
 *
 * @returns the closed record, or undefined where the execution carried no run out (a duplicate; refused by begin)
 */
export async function closeRun(state: State, execution: string, ended: Ended): Promise<RunRecord | undefined> {
  const { store } = state;
  const of = await runOfExecution(store, execution);
  if (!of) return undefined;
  const run = await readRecord(store, of);
  const closed = run?.record.execution === execution ? await closeRecord(state, run, ended) : undefined;
  await freeSlot(store, of.dagId, execution);
  if (closed) await summarize(store, closed);
  return closed?.record;
}

/** As many items as a task may tolerate. */
const MOST_OF_MAP = 100;

async function closeRecord(state: State, run: FoundRecord, ended: Ended): Promise<FoundRecord> {
  if (isClosed(run.record)) return run;
  const { error, cause, stoppedAt } = ended;
  const succeeded = ended.status === 'SUCCEEDED';
  const tasks = await completeStatuses(state, run.record, parseStatuses(succeeded ? ended.output : cause));
  const { tries } = await state.executions.failures(run.record.execution, MOST_OF_MAP);
  const warnings = [...(await readWarnings(state.store, run.record)), ...toleratedFailures(tries, tasks)];
  const details = await state.executions.details(run.record.execution);
  return updateRecord(state.store, run, {
    state: succeeded ? 'success' : 'failed',
    endedAt: stoppedAt,
    tasks,
    ...(details && { details }),
    ...(warnings.length > 0 && { warnings }),
    ...(!succeeded && { error: error ?? ended.status, cause: cause ?? '' }),
  });
}

/** The statuses that the machine's last state reported: its output, or the cause of its failure. */
function parseStatuses(json: string | undefined): Statuses | undefined {
  try {
    return statuses.safeParse(JSON.parse(json ?? '')).data;
  } catch {
    return undefined;
  }
}

/**
 * The status of every task. Of those that the machine did not report, what has its result in the ledger succeeded, and
 * what had begun is as the history has it. The others were skipped where a failure ended the run, and were not run where
 * nothing was reported at all (stopped, timed out). Without a history nobody knows what had begun: they failed.
 */
async function completeStatuses(
  { store, executions }: State,
  record: RunRecord,
  reported: Statuses | undefined,
): Promise<Readonly<Record<string, RecordedStatus>>> {
  if (reported && record.taskIds.every((id) => id in reported)) return reported;
  const results = await tasksWithResult(store, record, record.taskIds);
  const began = await executions.statuses(record.execution);
  const notBegun = reported ? 'skipped' : began ? 'not_run' : 'failed';
  const status = (id: string): RecordedStatus =>
    reported?.[id] ?? (results.has(id) ? 'success' : (began?.get(id) ?? notBegun));
  return Object.fromEntries(record.taskIds.map((id) => [id, status(id)]));
}
