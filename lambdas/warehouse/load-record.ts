/** The record of a load, one row a table: written in the load's transaction, read by later loads and by attempts after it. */
import { Transient } from '../runtime/errors.ts';
import { OF_THIS_TASK, workParameters } from './claims.ts';
import type { Load, LoadedTable } from './plan.ts';
import { literal } from './quoting.ts';
import type { Warehouse } from './statements.ts';

/**
 * Stands before the table's rows are replaced: counts what will be deleted. staged = inserted + duplicates.
 *
 * @param kept the query of the rows that will be inserted
 */
export function record(
  { claim, declaration, mode, staged }: Load,
  { shape, target, files }: LoadedTable,
  kept: string,
) {
  const records = shape.name === declaration.name ? staged : { extracted: files.rows, quarantined: 0 };
  return `INSERT INTO sluice.loads (table_name, dag_id, run_id, task_id, clearing, n, logical_date, mode, manifests,
    extracted, quarantined, staged, duplicates, inserted, deleted, loaded_at)
    SELECT ${literal(shape.name)}, ${text('sluice_dag')}, ${text('sluice_run')}, ${text('sluice_task')}, ${claim.clearing}, ${claim.n},
    CAST(:sluice_logical_date AS timestamp), ${literal(mode)}, ${staged.manifests},
    ${records.extracted}, ${records.quarantined}, ${files.rows}, ${files.rows} - kept.n, kept.n, present.n, GETDATE()
    FROM (SELECT COUNT(*) AS n FROM ${target}) AS present CROSS JOIN (SELECT COUNT(*) AS n FROM (${kept}) AS counted) AS kept`;
}

/** A bound value in the list of a SELECT has no type of its own. */
const text = (parameter: string): string => `CAST(:${parameter} AS varchar(512))`;

export interface Loaded {
  readonly rows: number;
  readonly childRows: number;
}

/** What this task of this run has recorded in this clearing: also what an attempt loaded that did not live to tell. */
export async function recorded(warehouse: Warehouse, { claim, declaration }: Load): Promise<Loaded> {
  const doing = `Reading what task '${claim.task}' has loaded`;
  const found = await warehouse.query({
    doing,
    sql: `SELECT table_name, inserted FROM sluice.loads WHERE ${OF_THIS_TASK} AND clearing = ${claim.clearing}`,
    parameters: workParameters(claim),
  });
  if (found.length === 0)
    throw new Transient(`${doing}: its transaction ended in success, but its record is not there.`);
  const inserted = new Map(found.map((row) => [row['table_name'], Number(row['inserted'])]));
  const of = (name: string) => inserted.get(name) ?? 0;
  return { rows: of(declaration.name), childRows: declaration.children.reduce((sum, { name }) => sum + of(name), 0) };
}
