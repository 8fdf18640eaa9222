/** Raw that lies in the lake already: what a run reads in place of its sources where it goes from raw. */
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import type { Run } from '#lib/contract/envelope.ts';
import { NoSnapshot, Terminal } from '#lib/contract/errors.ts';
import { attemptsPrefix, ledgerOf, newestManifest, type PartOfDataset, runsBefore } from '#lib/runs/keys.ts';
import { lastClearing, recall } from '#lib/runs/ledger.ts';
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
 * earlier clearing read, the last one may have taken out of the tables. A list that was skipped was not read, nor was
 * one of an item that failed: its rows are in no table, though the run may have succeeded without it.
 */
async function wasRead(
  store: Store,
  { dagId, logicalDate }: Pick<Run, 'dagId' | 'logicalDate'>,
  part: PartOfDataset,
): Promise<boolean> {
  const run = { dagId, logicalDate, runId: runIdOf(new Date(logicalDate)) };
  const newest = newestManifest(await store.list(attemptsPrefix('raw', run, part)));
  if (newest === undefined) return false;
  const { clearing, skipped, task } = await readManifest(store, newest);
  if (skipped || clearing === undefined || clearing !== (await lastClearing(store, run))) return false;
  return (await recall(store, { ...run, clearing }, task)) !== undefined;
}

/**
 * From when on a list is asked for that is read by what changed: the logical date, where its run read the list. What that
 * run did not read may have come with all its past, and is asked for as a whole.
 */
export async function readSince(
  { store, run }: Pick<TaskContext, 'store' | 'run'>,
  part: PartOfDataset,
  logicalDate: string | null = null,
): Promise<string | undefined> {
  if (logicalDate === null || run.fromRaw) return undefined;
  return (await wasRead(store, { ...run, logicalDate }, part)) ? logicalDate : undefined;
}

/** Dates that are looked through for a list as a whole. */
const MOST_RUNS = 100;

/**
 * What this run and those before it had of a list: the last attempt that has it as a whole, and after it those that have
 * what changed since, in the order of their dates. Empty where none read it.
 * @throws Terminal where there are changes, and not what they changed
 */
export async function lastKnown(
  { store, run }: Pick<TaskContext, 'store' | 'run'>,
  part: PartOfDataset,
): Promise<Manifest[]> {
  const runs = [run, ...runsBefore(run, await store.folders(ledgerOf(run.dagId)))].slice(0, MOST_RUNS);
  const changes: Manifest[] = [];
  for (const one of runs) {
    const newest = newestManifest(await store.list(attemptsPrefix('raw', one, part)));
    const found = newest === undefined ? undefined : await readManifest(store, newest);
    if (found && found.since === undefined) return [found, ...changes];
    if (found) changes.unshift(found);
  }
  const [first] = changes;
  if (!first) return [];
  throw new Terminal(
    `Keeping what ${run.dagId} has of '${part.of}' in ${part.dataset}: its source does not give it now, and of the last ` +
      `${runs.length} runs none read it as a whole; the run of ${first.logicalDate} read what changed since ${first.since}. ` +
      'No table was touched. Put the raw of a full pass back, or leave it out of what is asked for.',
  );
}
