/** Raw that lies in the lake already: what a run reads in place of its sources where it goes from raw. */
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import type { Run } from '#lib/contract/envelope.ts';
import { NoSnapshot } from '#lib/contract/errors.ts';
import { attemptsPrefix, newestManifest, type PartOfDataset } from '#lib/runs/keys.ts';
import { lastClearing } from '#lib/runs/ledger.ts';
import { type Manifest, readManifest } from '#lib/runs/manifest.ts';
import type { Store } from '#lib/runs/store.ts';
import { runIdOf } from '#lib/time/run-id.ts';

/**
 * The last attempt of this run that has the whole list, whether its rows were loaded or too many were quarantined.
 * @throws NoSnapshot where there is none
 */
export async function earlierAttempt(
  { store, run }: Pick<TaskContext, 'store' | 'run'>,
  part: PartOfDataset,
): Promise<Manifest> {
  const prefix = attemptsPrefix('raw', run, part);
  const newest = newestManifest(await store.list(prefix));
  if (newest !== undefined) return readManifest(store, newest);
  throw new NoSnapshot(
    `${run.dagId} has no snapshot of ${run.logicalDate} for '${part.of}' of ${part.dataset}: no attempt of that run ` +
      `read it to its end, so nothing is to be found at ${prefix}. No table was touched. Run the newest date from its source.`,
  );
}

/**
 * Whether the run of a logical date has read a list to its end, the last time that its tasks were carried out: what an
 * earlier clearing read, the last one may have taken out of the tables.
 */
export async function wasRead(
  store: Store,
  { dagId, logicalDate }: Pick<Run, 'dagId' | 'logicalDate'>,
  part: PartOfDataset,
): Promise<boolean> {
  const run = { dagId, logicalDate, runId: runIdOf(new Date(logicalDate)) };
  const newest = newestManifest(await store.list(attemptsPrefix('raw', run, part)));
  if (newest === undefined) return false;
  const { clearing } = await readManifest(store, newest);
  return clearing === (await lastClearing(store, run));
}
