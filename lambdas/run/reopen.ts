/** How the tasks of a run are cleared: which of them run again under the next clearing, and which results count on. */
import type { BeginEvent, Clearing } from '#lib/contract/begin-event.ts';
import { Terminal } from '#lib/contract/errors.ts';
import { clearedRun } from '#lib/runs/cleared-run.ts';
import { planClearing, problemsOf } from '#lib/runs/clearing.ts';
import type { RunRecord } from '#lib/runs/run-record.ts';
import type { Store } from '#lib/runs/store.ts';
import type { Reopen } from './record.ts';

/** Undefined where the input clears no task. */
export function reopening(store: Store, wanted: RunRecord, event: BeginEvent): Reopen | undefined {
  const { clear } = event.input;
  if (clear === undefined) return undefined;
  if (clear === 'all') return async (found) => ({ ...wanted, clearing: found.clearing + 1 });
  return (found) => cleared(store, { wanted, found, clear });
}

interface Rerun {
  readonly wanted: RunRecord;
  readonly found: RunRecord;
  readonly clear: Clearing;
}

/** @throws Terminal where the wish names tasks that are not there */
async function cleared(store: Store, { wanted, found, clear }: Rerun): Promise<RunRecord> {
  const before = await clearedRun(store, { taskIds: wanted.taskIds, nodes: wanted.nodes ?? [], found });
  const problems = problemsOf(clear, before);
  if (problems.length > 0)
    throw new Terminal(
      `Beginning a rerun of ${wanted.dagId} ${wanted.runId}: ${problems.join('; ')}. Its tasks: ${wanted.taskIds.join(', ')}.`,
    );
  const { reused, kept, resumed } = planClearing(clear, before);
  const withItems = [...reused, ...Object.keys(kept), ...resumed].filter(isMapped(wanted));
  return {
    ...wanted,
    clearing: found.clearing + 1,
    ...(reused.length > 0 && { reused: [...reused] }),
    ...(Object.keys(kept).length > 0 && { kept }),
    ...(withItems.length > 0 && {
      items: Object.fromEntries(withItems.map((id) => [id, found.items?.[id] ?? found.clearing])),
    }),
  };
}

const isMapped =
  ({ taskIds, nodes = [] }: RunRecord) =>
  (id: string): boolean =>
    nodes[taskIds.indexOf(id)]?.kind === 'mapped';
