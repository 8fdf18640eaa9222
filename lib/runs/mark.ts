/** A task of a closed run that is said to have ended otherwise. Nothing is run. */
import type { TaskStatus } from '#lib/contract/task-status.ts';
import { Transient } from '../contract/errors.ts';
import { runRecordKey } from './keys.ts';
import { markResult } from './ledger.ts';
import { type FoundRecord, type RunRecord, runRecords } from './run-record.ts';
import type { Store } from './store.ts';

interface Mark {
  readonly task: string;
  readonly status: Exclude<TaskStatus, 'upstream_failed'>;
  /** Of a task that is marked as success. */
  readonly output: unknown;
}

/**
 * Changes a task's status in the record of a closed run, and how the run ended by it: it failed where a task that none
 * waits for failed or is upstream_failed.
 * @throws Transient where the record changed meanwhile
 */
export async function markTask(
  store: Store,
  { record, etag }: FoundRecord,
  { task, status, output }: Mark,
): Promise<RunRecord> {
  if (status === 'success') await markResult(store, record, { id: task, output });
  const tasks = { ...record.tasks, [task]: status };
  const { error: _, cause: __, ...rest } = record;
  const hasFailed = leavesOf(record).some((id) => tasks[id] !== 'success' && tasks[id] !== 'skipped');
  const changed: RunRecord = hasFailed ? { ...record, tasks, state: 'failed' } : { ...rest, tasks, state: 'success' };
  const key = runRecordKey(record);
  if ((await runRecords.replace(store, key, { value: changed, etag })).written) return changed;
  throw new Transient(`Marking '${task}': ${key} changed in between. Nothing is marked; try again.`);
}

/** The tasks that none waits for. */
function leavesOf({ taskIds, nodes = [] }: RunRecord): string[] {
  const waitedFor = new Set(nodes.flatMap(({ after }) => after));
  return taskIds.filter((_, at) => !waitedFor.has(at));
}
