/** What end does with the record and the slot of an execution that has ended. */

import * as z from 'zod';
import { type TaskStatus, taskStatus } from '#lib/contract/task-status.ts';
import type { Ended } from '#lib/runs/executions.ts';
import { executionKey, ledgerPrefix } from '#lib/runs/keys.ts';
import type { RunRecord } from '#lib/runs/run-record.ts';
import type { Store } from '#lib/runs/store.ts';
import { isClosed, readRecord, updateRecord } from './record.ts';
import { freeSlot } from './slots.ts';

const pointer = z.object({ dagId: z.string(), runId: z.string() });
const statuses = z.record(z.string(), taskStatus);

/**
 * Closes the record of the run that an execution carried out, with the status of every task, and frees its slot.
 * Doing it again changes nothing.
 *
 * @returns the closed record, or undefined where the execution carried no run out (a duplicate; refused by begin)
 */
export async function closeRun(store: Store, execution: string, ended: Ended): Promise<RunRecord | undefined> {
  const found = await store.read(executionKey(execution));
  if (!found) return undefined;
  const { dagId, runId } = pointer.parse(found.value);
  const run = await readRecord(store, { dagId, runId });
  const record = run?.record.execution === execution ? await closed(store, run, ended) : undefined;
  await freeSlot(store, dagId, execution);
  return record;
}

async function closed(store: Store, run: { record: RunRecord; etag: string }, ended: Ended): Promise<RunRecord> {
  if (isClosed(run.record)) return run.record;
  const { error, cause, stoppedAt } = ended;
  const succeeded = ended.status === 'SUCCEEDED';
  const { record } = await updateRecord(store, run, {
    state: succeeded ? 'success' : 'failed',
    endedAt: stoppedAt,
    tasks: await completed(store, run.record, told(succeeded ? ended.output : cause)),
    ...(!succeeded && { error: error ?? ended.status, cause: cause ?? '' }),
  });
  return record;
}

/** The statuses as the machine's last state told them: its output, or the cause of its failure. */
function told(json: string | undefined): Record<string, TaskStatus> | undefined {
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
async function completed(
  store: Store,
  record: RunRecord,
  known: Record<string, TaskStatus> | undefined,
): Promise<Record<string, TaskStatus>> {
  if (known && record.taskIds.every((id) => id in known)) return known;
  const prefix = ledgerPrefix(record, '');
  const results = new Set(await store.list(prefix));
  const status = (id: string): TaskStatus =>
    known?.[id] ?? (results.has(`${prefix}${id}.json`) ? 'success' : known ? 'skipped' : 'failed');
  return Object.fromEntries(record.taskIds.map((id) => [id, status(id)]));
}
