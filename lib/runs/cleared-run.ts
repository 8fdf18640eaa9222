/** A run that is to be carried out again, as its record and ledger tell it. */
import type { Node } from '#lib/contract/begin-event.ts';
import type { RecordedStatus } from '#lib/contract/task-status.ts';
import type { ClearedRun } from './clearing.ts';
import { resultsOf, tasksWithResult } from './ledger.ts';
import type { RunRecord } from './run-record.ts';
import type { Store } from './store.ts';

interface Described {
  /** Of the DAG as it is now. */
  readonly taskIds: readonly string[];
  readonly nodes: readonly Node[];
  /** The record of the run as it is. */
  readonly found: RunRecord;
}

export async function clearedRun(store: Store, { taskIds, nodes, found }: Described): Promise<ClearedRun> {
  const results = await tasksWithResult(store, found, taskIds);
  const native = taskIds.filter((id, at) => nodes[at]?.kind === 'native' && results.has(id));
  for (const id of await tooLarge(store, found, native)) results.delete(id);
  const statuses = found.taskIds.map((id) => [id, found.tasks?.[id] ?? unrecorded(results, id)]);
  return { taskIds, nodes, statuses: Object.fromEntries(statuses), results };
}

/** Of a run whose end was lost, only the ledger tells what became of its tasks. */
const unrecorded = (results: ReadonlySet<string>, id: string): RecordedStatus | undefined =>
  results.has(id) ? 'success' : undefined;

/** Bytes of what begin gives of such tasks: a state's result has 256 KiB, the run included. */
const MOST_BYTES = 150_000;

/** The tasks whose outputs do not fit with those before them, so that nobody can reuse them. */
async function tooLarge(store: Store, run: RunRecord, taskIds: readonly string[]): Promise<string[]> {
  let bytes = 0;
  return Object.entries(await resultsOf(store, run, taskIds)).flatMap(([id, { output }]) => {
    const size = Buffer.byteLength(JSON.stringify({ [id]: output }));
    if (bytes + size > MOST_BYTES) return [id];
    bytes += size;
    return [];
  });
}
