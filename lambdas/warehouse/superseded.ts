/** Work of a run that is older than what the warehouse holds. */
import type { Run } from '#lib/contract/envelope.ts';
import { NoSnapshot } from '#lib/contract/errors.ts';
import { literal, tableName } from '#lib/sql/quoting.ts';
import type { Dialect } from './dialect.ts';
import type { Warehouse } from './warehouse.ts';

/**
 * Does the work, or gives what stands for none. A run that goes from its raw may be older than what is loaded: its work
 * is superseded, which is as it should be. Any other older run has read a source for nothing, and fails.
 */
export async function unlessSuperseded<T, N>(run: Run, none: N, work: () => Promise<T>): Promise<T | N> {
  try {
    return await work();
  } catch (error) {
    if (run.fromRaw && error instanceof NoSnapshot) return none;
    throw error;
  }
}

/** Tables that hold the state of one logical date, and the date for which they are read. */
export interface Reading {
  /** By declared name. */
  readonly tables: readonly string[];
  /** UTC, ISO 8601. */
  readonly logicalDate: string;
}

/** Loads that put a newer date in the place of the one that is read. One that appends leaves older dates as they are. */
const newerLoads = ({ tables }: Reading): string =>
  `SELECT table_name FROM sluice.loads WHERE table_name IN (${tables.map(literal).join(', ')})
   AND mode <> 'append' AND logical_date > CAST(:sluice_read_date AS timestamp)`;

const parametersOf = ({ logicalDate }: Reading) => ({
  sluice_read_date: logicalDate.replace('T', ' ').replace('Z', ''),
});

/** Fails the transaction that it stands in where a table holds a newer date. What it fails with says little. */
export function readingGuard(
  { failUnlessOne }: Dialect,
  reading: Reading,
): { sqls: string[]; parameters: Record<string, string> } {
  if (reading.tables.length === 0) return { sqls: [], parameters: {} };
  const newer = `CASE WHEN COUNT(*) > 0 THEN ${literal('a newer logical date is loaded')} ELSE '1' END`;
  return {
    sqls: [`SELECT ${failUnlessOne(newer)} FROM (${newerLoads(reading)}) AS newer`],
    parameters: parametersOf(reading),
  };
}

/** @throws NoSnapshot where a table holds a newer date */
export async function refuseOlder(warehouse: Warehouse, doing: string, reading: Reading): Promise<void> {
  if (reading.tables.length === 0) return;
  const parameters = parametersOf(reading);
  const [newer] = await warehouse.query({ doing, sql: `${newerLoads(reading)} LIMIT 1`, parameters });
  if (!newer) return;
  throw new NoSnapshot(
    `${doing} for ${reading.logicalDate}: ${tableName(String(newer['table_name']))}, which it reads, holds a newer ` +
      'logical date. Nothing was run.',
  );
}
