/** The run record's life: created, taken over, opened again, closed. Each step is one conditional write. */

import { Duplicate, Transient } from '#lib/contract/errors.ts';
import type { Executions } from '#lib/runs/executions.ts';
import { runRecordKey } from '#lib/runs/keys.ts';
import { type FoundRecord, isClosed, type RunRecord, readRecord, runRecords } from '#lib/runs/run-record.ts';
import type { Store } from '#lib/runs/store.ts';

interface Deps {
  readonly store: Store;
  readonly executions: Pick<Executions, 'ended'>;
}

/**
 * Makes the execution of `wanted` the one that carries the run out, or finds that it is.
 *
 * @param wanted the record as it would be if the run were new
 * @param clear carries out every task again, also where the record is closed
 * @throws Duplicate where another execution carries the run out, or did
 */
export async function claimRecord(deps: Deps, wanted: RunRecord, clear: boolean): Promise<void> {
  const key = runRecordKey(wanted);
  if ((await runRecords.create(deps.store, key, wanted)).written) return;

  const found = await readRecord(deps.store, wanted);
  if (!found) throw changedMeanwhile(key);
  if (found.record.execution === wanted.execution && !isClosed(found.record)) return;

  const record = await successor(deps, { wanted, found: found.record, clear });
  ours(key, record, await runRecords.replace(deps.store, key, { value: record, etag: found.etag }));
}

/** The same record, changed. */
export async function updateRecord(
  store: Store,
  { record, etag }: FoundRecord,
  change: Partial<RunRecord>,
): Promise<FoundRecord> {
  const key = runRecordKey(record);
  const changed = { ...record, ...change };
  return ours(key, changed, await runRecords.replace(store, key, { value: changed, etag }));
}

interface Claim {
  readonly wanted: RunRecord;
  readonly found: RunRecord;
  readonly clear: boolean;
}

async function successor({ executions }: Deps, { wanted, found, clear }: Claim): Promise<RunRecord> {
  const kind = found.kind ?? wanted.kind;
  const again = { ...wanted, ...(kind && { kind }), clearing: found.clearing + 1 };
  if (isClosed(found)) {
    if (clear && found.execution !== wanted.execution) return again;
    throw new Duplicate(`${found.dagId} ${found.runId} has run: it ended with ${found.state} in ${found.execution}.`);
  }
  const other = await executions.ended(found.execution);
  if (other === 'running') throw new Duplicate(`${found.dagId} ${found.runId} is carried out by ${found.execution}.`);
  if (clear) return again;
  // The clearing goes on as it began: its ledger may hold what came from raw, or from sources of its own.
  const { sources: _, ...identity } = { ...wanted, ...(kind && { kind }) };
  const { clearing, fromRaw, sources } = found;
  return { ...identity, clearing, ...(fromRaw && { fromRaw }), ...(sources && { sources }) };
}

type Result = Awaited<ReturnType<typeof runRecords.replace>>;

function ours(key: string, record: RunRecord, result: Result): FoundRecord {
  if (!result.written) throw changedMeanwhile(key);
  return { record, etag: result.etag };
}

const changedMeanwhile = (key: string) => new Transient(`Writing ${key}: it changed in between. It is tried again.`);
