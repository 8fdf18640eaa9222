/** Whether a load still may be: asked before it begins, and again in its transaction. */
import { NoSnapshot, Transient } from '#lib/contract/errors.ts';
import { literal, tableName } from '#lib/sql/quoting.ts';
import { laterClaims, OF_THIS_TASK } from './claims.ts';
import { type Load, type LoadUnderway, loadParameters } from './plan.ts';
import type { Warehouse } from './warehouse.ts';

/**
 * One row, one column: `1` where it may, else `recorded` (this load is in the table), `later` (a later claim exists) or
 * `newer` (the table holds a newer logical date; of what is appended, for the same data interval).
 */
const standingOf = ({ claim, mode }: Load): string =>
  `SELECT CASE WHEN recorded.n > 0 THEN 'recorded' WHEN later.n > 0 THEN 'later' WHEN newer.n > 0 THEN 'newer'
   ELSE '1' END AS standing
   FROM (${laterClaims(claim)}) AS later
   CROSS JOIN (SELECT COUNT(*) AS n FROM sluice.loads
     WHERE table_name = :sluice_table AND logical_date > CAST(:sluice_logical_date AS timestamp)
     AND (${literal(mode)} <> 'append' OR interval_start = CAST(:sluice_interval AS timestamp))) AS newer
   CROSS JOIN (SELECT COUNT(*) AS n FROM sluice.loads
     WHERE ${OF_THIS_TASK} AND clearing = ${claim.clearing}) AS recorded`;

/** Fails the transaction that it stands in unless the load may be. What it fails with says little, so ask `isToDo` then. */
export const guard = (load: LoadUnderway): string =>
  `SELECT ${load.dialect.failUnlessOne('standing')} AS standing FROM (${standingOf(load)}) AS work`;

/**
 * False where this load is in the table already.
 * @throws NoSnapshot where the table holds a newer logical date: an older run never overwrites it
 * @throws Transient where a later attempt took over
 */
export async function isToDo(warehouse: Warehouse, load: Load): Promise<boolean> {
  const doing = `Loading ${tableName(load.declaration.name)} for ${load.logicalDate}`;
  const [found] = await warehouse.query({ doing, sql: standingOf(load), parameters: loadParameters(load) });
  const standing = found?.['standing'];
  if (standing === 'newer') {
    throw new NoSnapshot(`${doing}: a newer logical date is loaded. An older run does not overwrite it.`);
  }
  if (standing === 'later') throw new Transient(`${doing}: a later attempt of task '${load.claim.task}' took over.`);
  return standing !== 'recorded';
}
