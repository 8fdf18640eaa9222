/** The run record's life: created, taken over, opened again, closed. Each step is one conditional write. */

import type { Run } from '#lib/contract/envelope.ts';
import { Duplicate, Transient } from '#lib/contract/errors.ts';
import type { Executions } from '#lib/runs/executions.ts';
import { runRecordKey } from '#lib/runs/keys.ts';
import { type RunRecord, runRecord } from '#lib/runs/run-record.ts';
import type { Store, Written } from '#lib/runs/store.ts';

interface Deps {
  readonly store: Store;
  readonly executions: Pick<Executions, 'ended'>;
}
export interface Found {
  readonly record: RunRecord;
  readonly etag: string;
}

export async function readRecord(store: Store, run: Pick<Run, 'dagId' | 'runId'>): Promise<Found | undefined> {
  const found = await store.read(runRecordKey(run));
  return found && { record: runRecord.parse(found.value), etag: found.etag };
}

export const isClosed = ({ state }: RunRecord): boolean => state === 'success' || state === 'failed';

/**
 * Makes the execution of `wanted` the one that carries the run out, or finds that it is.
 *
 * @param wanted the record as it would be if the run were new
 * @param clear carries out every task again, also where the record is closed
 * @throws Duplicate where another execution carries the run out, or did
 */
export async function claimRecord(deps: Deps, wanted: RunRecord, clear: boolean): Promise<void> {
  const key = runRecordKey(wanted);
  if ((await deps.store.create(key, wanted)).written) return;

  const found = await readRecord(deps.store, wanted);
  if (!found) throw changedMeanwhile(key);
  if (found.record.execution === wanted.execution && !isClosed(found.record)) return;

  const record = await successor(deps, { wanted, found: found.record, clear });
  ours(key, record, await deps.store.replace(key, record, found.etag));
}

/** The same record, changed. */
export async function updateRecord(store: Store, { record, etag }: Found, change: Partial<RunRecord>): Promise<Found> {
  const key = runRecordKey(record);
  const changed = { ...record, ...change };
  return ours(key, changed, await store.replace(key, changed, etag));
}

interface Claim {
  readonly wanted: RunRecord;
  readonly found: RunRecord;
  readonly clear: boolean;
}

async function successor({ executions }: Deps, { wanted, found, clear }: Claim): Promise<RunRecord> {
  const again = { ...wanted, clearing: found.clearing + 1 };
  if (isClosed(found)) {
    if (clear && found.execution !== wanted.execution) return again;
    throw new Duplicate(`${found.dagId} ${found.runId} has run: it ended with ${found.state} in ${found.execution}.`);
  }
  const other = await executions.ended(found.execution);
  if (other === 'running') throw new Duplicate(`${found.dagId} ${found.runId} is carried out by ${found.execution}.`);
  if (clear) return again;
  // The clearing goes on as it began: its ledger may hold what came from raw, or from sources of its own.
  const { sources: _, ...identity } = wanted;
  const { clearing, fromRaw, sources } = found;
  return { ...identity, clearing, ...(fromRaw && { fromRaw }), ...(sources && { sources }) };
}

function ours(key: string, record: RunRecord, result: Written): Found {
  if (!result.written) throw changedMeanwhile(key);
  return { record, etag: result.etag };
}

const changedMeanwhile = (key: string) => new Transient(`Writing ${key}: it changed in between. It is tried again.`);
