/** The record of a load, one row a table: written in the load's transaction, read by later loads and by attempts after it. */
import { Transient } from '#lib/contract/errors.ts';
import { literal } from '#lib/sql/quoting.ts';
import { OF_THIS_TASK, workParameters } from './claims.ts';
import { having, insertedOf, judgedRows, type Outcome } from './outcome.ts';
import type { Load, LoadedTable, LoadedTables, LoadUnderway } from './plan.ts';
import type { Warehouse } from './warehouse.ts';

/**
 * Stands before the rows of the tables change: counts what will be inserted, updated and deleted.
 *
 * @param deleted the query, with its count as `n`, of the rows that the load will delete
 */
export const record = (load: LoadUnderway, tables: LoadedTables, deleted: (table: LoadedTable) => string): string =>
  `INSERT INTO sluice.loads (table_name, dag_id, run_id, task_id, clearing, n, logical_date, interval_start, mode,
    manifests, extracted, quarantined, staged, inserted, updated, older, duplicates, deleted, total, loaded_at)
   ${tables.map((table) => recordOf(load, table, deleted(table))).join(' UNION ALL ')}`;

function recordOf(load: LoadUnderway, table: LoadedTable, deleted: string): string {
  const { claim, declaration, dialect, mode, staged } = load;
  const { shape, files, target } = table;
  const records = shape.name === declaration.name ? staged : { extracted: files.rows, quarantined: 0 };
  const count = (...outcomes: Outcome[]) => `COALESCE(SUM(CASE WHEN ${having(...outcomes)} THEN 1 ELSE 0 END), 0)`;
  const updated = table.parentKey ? '0' : count('updated');
  return `SELECT ${literal(shape.name)}, ${text('sluice_dag')}, ${text('sluice_run')}, ${text('sluice_task')},
    ${claim.clearing}, ${claim.n}, CAST(:sluice_logical_date AS timestamp), CAST(:sluice_interval AS timestamp),
    ${literal(mode)}, ${staged.manifests}, ${records.extracted}, ${records.quarantined}, ${files.rows},
    judged.inserted, judged.updated, judged.older, judged.duplicates, deleted.n,
    present.n - deleted.n + judged.inserted, ${dialect.now}
    FROM (SELECT ${count(...insertedOf(table))} AS inserted, ${updated} AS updated, ${count('older')} AS older,
      ${count('duplicate')} AS duplicates FROM ${judgedRows(table)}) AS judged
    CROSS JOIN (SELECT COUNT(*) AS n FROM ${target}) AS present CROSS JOIN (${deleted}) AS deleted`;
}

/**
 * Fails the transaction unless every staged row has become what the record says, and the tables hold the rows that it
 * says: extracted = staged + quarantined, staged = inserted + updated + older + duplicates.
 */
export function held({ claim, dialect }: LoadUnderway, tables: LoadedTables): string {
  const isHeld = `CASE WHEN COUNT(*) = 0 THEN '1' ELSE ${literal('rows do not reconcile in ')} || MIN(table_name) END`;
  return `SELECT ${dialect.failUnlessOne(isHeld)}
   FROM sluice.loads AS loaded JOIN (${tables.map(presentRows).join(' UNION ALL ')}) AS present
   ON present.name = loaded.table_name
   WHERE ${OF_THIS_TASK} AND clearing = ${claim.clearing}
   AND (extracted <> staged + quarantined OR staged <> inserted + updated + older + duplicates OR total <> present.n)`;
}

const presentRows = ({ shape, target }: LoadedTable): string =>
  `SELECT ${literal(shape.name)} AS name, COUNT(*) AS n FROM ${target}`;

/** A bound value in the list of a SELECT has no type of its own. */
const text = (parameter: string): string => `CAST(:${parameter} AS varchar(512))`;

/** Rows that were inserted or updated. */
export interface Loaded {
  readonly rows: number;
  readonly childRows: number;
}

/** What this task of this run has recorded in this clearing: also what an attempt loaded that did not live to tell. */
export async function recorded(warehouse: Warehouse, { claim, declaration }: Load): Promise<Loaded> {
  const doing = `Reading what task '${claim.task}' has loaded`;
  const found = await warehouse.query({
    doing,
    sql: `SELECT table_name, inserted + updated AS n FROM sluice.loads WHERE ${OF_THIS_TASK} AND clearing = ${claim.clearing}`,
    parameters: workParameters(claim),
  });
  if (found.length === 0)
    throw new Transient(`${doing}: its transaction ended in success, but its record is not there.`);
  const loaded = new Map(found.map((row) => [row['table_name'], Number(row['n'])]));
  const of = (name: string) => loaded.get(name) ?? 0;
  return { rows: of(declaration.name), childRows: declaration.children.reduce((sum, { name }) => sum + of(name), 0) };
}
