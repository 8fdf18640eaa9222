/** The run record: the one object that says whether a run is open, who carries it out, and how it ended. */
import * as z from 'zod';
import { node, runKind } from '../contract/begin-event.ts';
import { type Run, run } from '../contract/envelope.ts';
import { type RecordedStatus, recordedStatus } from '../contract/task-status.ts';
import { byName } from './by-name.ts';
import { documents } from './document.ts';
import { runIdsIn, runRecordKey, runRecordPrefix } from './keys.ts';
import type { Store } from './store.ts';
import { taskDetail } from './task-detail.ts';
import { warning } from './warnings.ts';

export type { RecordedStatus };

const runRecord = run.extend({
  /** `queued` until it has a slot. `success` and `failed` are closed. */
  state: z.enum(['queued', 'running', 'success', 'failed']),
  /** Why it began, the first time; not known of runs of earlier versions. */
  kind: runKind.optional(),
  queuedAt: z.string(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  /** Every task of the DAG, in order. */
  taskIds: z.array(z.string()),
  /** Of each of them; absent of a run that began before it was kept. */
  nodes: z.array(node).optional(),
  /** Tasks whose results of the clearing before count in this one too. */
  reused: z.array(z.string()).optional(),
  /** Of every task, once the record is closed. */
  tasks: byName(recordedStatus).optional(),
  /** Of the tasks that began, once the record is closed and where Step Functions still had the history. */
  details: byName(taskDetail).optional(),
  /** Of a failed run: what Step Functions gave. */
  error: z.string().optional(),
  cause: z.string().optional(),
  /** Once the record is closed, and only where there are some. */
  warnings: z.array(warning).optional(),
});
export type RunRecord = z.output<typeof runRecord>;

export const runRecords = documents({
  name: 'the run record',
  schema: runRecord,
  remedy: 'Remove the object and run that date again.',
});

type OfRun = Pick<Run, 'dagId' | 'runId'>;

export interface FoundRecord {
  readonly record: RunRecord;
  readonly etag: string;
}

/**
 * Undefined where the run never began.
 * @throws Damaged
 */
export async function readRecord(store: Store, of: OfRun): Promise<FoundRecord | undefined> {
  const found = await runRecords.read(store, runRecordKey(of));
  return found && { record: found.value, etag: found.etag };
}

export const isClosed = ({ state }: Pick<RunRecord, 'state'>): boolean => state === 'success' || state === 'failed';

/** The tasks that failed of a closed run. A run with such tasks can have succeeded: it is judged by its leaves. */
export const failedTasksOf = ({ tasks = {} }: Pick<RunRecord, 'tasks'>): string[] =>
  Object.keys(tasks).filter((id) => tasks[id] === 'failed');

/** Its jobs and callback tasks, whose outputs Step Functions alone has while the run goes on. */
export const nativeTasks = ({ taskIds, nodes = [] }: Pick<RunRecord, 'taskIds' | 'nodes'>): string[] =>
  taskIds.filter((_, at) => nodes[at]?.kind === 'native');

/** The ids of a pipeline's runs, in the order of their logical dates. */
export const runIdsOf = async (store: Store, dagId: string): Promise<string[]> =>
  runIdsIn(await store.folders(runRecordPrefix(dagId)));
