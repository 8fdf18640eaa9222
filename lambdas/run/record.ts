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

/** Of a run that has a record: the one under which its tasks are carried out again. */
export type Reopen = (found: RunRecord) => Promise<RunRecord>;

/**
 * Makes the execution of `wanted` the one that carries the run out, or finds that it is.
 *
 * @param wanted the record as it would be if the run were new
 * @param reopen carries out tasks again, also where the record is closed
 * @throws Duplicate where another execution carries the run out, or did
 */
export async function claimRecord(deps: Deps, wanted: RunRecord, reopen: Reopen | undefined): Promise<void> {
  const key = runRecordKey(wanted);
  if ((await runRecords.create(deps.store, key, wanted)).written) return;

  const found = await readRecord(deps.store, wanted);
  if (!found) throw changedMeanwhile(key);
  if (found.record.execution === wanted.execution && !isClosed(found.record)) return;

  const record = await successor(deps, { wanted, found: found.record, reopen });
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
  readonly reopen: Reopen | undefined;
}

async function successor({ executions }: Deps, { wanted, found, reopen }: Claim): Promise<RunRecord> {
  // A run is what it began as, whoever carries it out again.
  const ofKind = (record: RunRecord): RunRecord => ({ ...record, ...(found.kind && { kind: found.kind }) });
  if (isClosed(found)) {
    if (reopen && found.execution !== wanted.execution) return ofKind(await reopen(found));
    throw new Duplicate(`${found.dagId} ${found.runId} has run: it ended with ${found.state} in ${found.execution}.`);
  }
  const other = await executions.ended(found.execution);
  if (other === 'running') throw new Duplicate(`${found.dagId} ${found.runId} is carried out by ${found.execution}.`);
  if (reopen) return ofKind(await reopen(found));
  // The clearing goes on as it began: its ledger may hold what came from raw, or from sources of its own.
  const { sources: _, ...identity } = ofKind(wanted);
  const { clearing, fromRaw, sources, kept, items, reused } = found;
  const before = { fromRaw, sources, kept, items, reused };
  return { ...identity, clearing, ...Object.fromEntries(Object.entries(before).filter(([, value]) => value)) };
}

type Result = Awaited<ReturnType<typeof runRecords.replace>>;

function ours(key: string, record: RunRecord, result: Result): FoundRecord {
  if (!result.written) throw changedMeanwhile(key);
  return { record, etag: result.etag };
}

const changedMeanwhile = (key: string) => new Transient(`Writing ${key}: it changed in between. It is tried again.`);
