/** Rows of which the source was asked only for what changed: no load makes them pass for all that it has. */
import { Terminal } from '#lib/contract/errors.ts';
import type { Load, LoadedTables } from './plan.ts';
import type { Drift } from './table-shape.ts';

/** @throws Terminal where the load would replace a table's rows by those that changed */
export function refuseToReplace(load: Load): void {
  if (load.mode === 'rebuild' || load.mode === 'truncate') refuse(load, `its rows would be no others`);
}

/**
 * @param found the tables that exist
 * @throws Terminal where the load would begin a table with the rows that changed
 */
export function refuseToBegin(load: Load, tables: LoadedTables, found: readonly Drift[]): void {
  const missing = tables.find(({ shape }) => !found.some((one) => one.shape === shape));
  if (missing && load.mode === 'upsert') refuse(load, `there is no ${missing.target} to upsert into`);
}

function refuse({ declaration, mode, logicalDate, staged, claim }: Load, why: string): void {
  if (staged.since === undefined) return;
  throw new Terminal(
    `Loading ${declaration.name} by ${mode}: the raw of ${logicalDate} holds only what changed since ${staged.since}, ` +
      `and ${why}. No table was changed. Have everything asked for, not from raw: sluice run ${claim.dagId} --param ` +
      'full=true, where the DAG has that param.',
  );
}
