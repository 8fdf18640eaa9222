/** What end does with the record and the slot of an execution that has ended. */

import { type TaskStatus, taskStatus } from '#lib/contract/task-status.ts';
import { byName } from '#lib/runs/by-name.ts';
import { runOfExecution } from '#lib/runs/execution-pointer.ts';
import type { Ended } from '#lib/runs/executions.ts';
import { tasksWithResult } from '#lib/runs/ledger.ts';
import { type FoundRecord, isClosed, type RunRecord, readRecord } from '#lib/runs/run-record.ts';
import type { Store } from '#lib/runs/store.ts';
import { updateRecord } from './record.ts';
import { freeSlot } from './slots.ts';

const statuses = byName(taskStatus);
type Statuses = Readonly<Record<string, TaskStatus>>;

/**
 * Closes the record of the run that an execution carried out, with the status of every task, and frees its slot.
 * Doing it again changes nothing.
 *
 * @returns the closed record, or undefined where the execution carried no run out (a duplicate; refused by begin)
 */
export async function closeRun(store: Store, execution: string, ended: Ended): Promise<RunRecord | undefined> {
  const of = await runOfExecution(store, execution);
  if (!of) return undefined;
  const run = await readRecord(store, of);
  const record = run?.record.execution === execution ? await closeRecord(store, run, ended) : undefined;
  await freeSlot(store, of.dagId, execution);
  return record;
}

async function closeRecord(store: Store, run: FoundRecord, ended: Ended): Promise<RunRecord> {
  if (isClosed(run.record)) return run.record;
  const { error, cause, stoppedAt } = ended;
  const succeeded = ended.status === 'SUCCEEDED';
  const { record } = await updateRecord(store, run, {
    state: succeeded ? 'success' : 'failed',
    endedAt: stoppedAt,
    tasks: await completeStatuses(store, run.record, parseStatuses(succeeded ? ended.output : cause)),
    ...(!succeeded && { error: error ?? ended.status, cause: cause ?? '' }),
  });
  return record;
}

/** The statuses as the machine's last state told them: its output, or the cause of its failure. */
function parseStatuses(json: string | undefined): Statuses | undefined {
  try {
    return statuses.safeParse(JSON.parse(json ?? '')).data;
  } catch {
    return undefined;
  }
}

/**
 * The status of every task. Of those of which the machine could tell nothing, what has its result in the ledger
 * succeeded. The others failed where it told nothing at all (stopped, timed out), and did not come to run where a
 * failure ended the run.
 */
async function completeStatuses(store: Store, record: RunRecord, known: Statuses | undefined): Promise<Statuses> {
  if (known && record.taskIds.every((id) => id in known)) return known;
  const results = await tasksWithResult(store, record, record.taskIds);
  const status = (id: string): TaskStatus =>
    known?.[id] ?? (results.has(id) ? 'success' : known ? 'skipped' : 'failed');
  return Object.fromEntries(record.taskIds.map((id) => [id, status(id)]));
}
