/**
 * One load: staged files into a table and its child tables. Copied into staging tables in one transaction; the rows
 * counted; then one transaction that replaces the tables' rows, records the load and drops the staging tables, and that
 * fails as a whole unless the load still may be.
 *
 * Transactions of loads come one after another, by a lock on `sluice.loads` that each takes before its snapshot:
 * whatever the isolation level, each sees all earlier loads. Copies run beside others.
 */
import { Terminal } from '#lib/contract/errors.ts';
import { tokenOf } from './claims.ts';
import { type Loaded, recorded } from './load-record.ts';
import { append } from './modes/append.ts';
import { rebuild } from './modes/rebuild.ts';
import { truncate } from './modes/truncate.ts';
import { upsert } from './modes/upsert.ts';
import {
  type Load,
  type LoadedTable,
  type LoadedTables,
  type LoadUnderway,
  loadParameters,
  type Mode,
  tablesOf,
} from './plan.ts';
import { endedInFailure } from './session.ts';
import { copyStaged, dropStaging } from './staging.ts';
import { guard, isToDo } from './standing.ts';
import { bringToShape, createSchema, createTable, type Drift, drifts } from './table-shape.ts';
import type { Warehouse } from './warehouse.ts';
import { refuseToBegin, refuseToReplace } from './wholeness.ts';

/**
 * @throws NoSnapshot where a newer logical date is in the table: nothing is changed
 * @throws Terminal where the rows that arrived are not those that were staged, a table cannot take them, or they are
 *   only what changed and the table needs all
 */
export async function load(warehouse: Warehouse, work: Load): Promise<Loaded> {
  const tables = tablesOf(work);
  refuseToReplace(work);
  if (await isToDo(warehouse, work)) await carryOut(warehouse, work, tables);
  return recorded(warehouse, work);
}

async function carryOut(warehouse: Warehouse, work: Load, tables: LoadedTables): Promise<void> {
  try {
    await copyStaged(warehouse, work, tables);
    await reconcile(warehouse, tables);
    await commit(warehouse, work, await fitted(warehouse, work, tables));
  } catch (error) {
    // Out of time, or out of reach: the next attempt attaches to what is under way.
    if (!(error instanceof Terminal || endedInFailure(error))) throw error;
    // Another attempt under the same claim may have loaded and dropped the staging tables. What is recorded counts.
    const isFailed = (isStillToDo: boolean) => (isStillToDo ? error : undefined);
    const reason = await isToDo(warehouse, work).then(isFailed, (refused: unknown) => refused);
    if (reason === undefined) return;
    // Nobody will: only a next claim of the same clearing drops what this one left.
    if (reason instanceof Terminal || reason !== error) await dropStaging(warehouse, tables);
    throw reason;
  }
}

async function reconcile(warehouse: Warehouse, tables: LoadedTables): Promise<void> {
  const counts = tables.map(({ staging }, at) => `SELECT ${at} AS place, COUNT(*) AS n FROM ${staging}`);
  const doing = `Counting the rows copied for ${tables[0].target}`;
  const found = await warehouse.query({ doing, sql: `${counts.join(' UNION ALL ')} ORDER BY place` });
  const wrong = tables.flatMap(({ target, files }, at) => {
    const copied = Number(found[at]?.['n']);
    return copied === files.rows ? [] : [`${copied} rows were copied for ${target}, its manifests say ${files.rows}`];
  });
  if (wrong.length === 0) return;
  throw new Terminal(`${doing}: ${wrong.join('; ')}. No table was changed. Run again, the extract too.`);
}

/** Adds columns that are lacking. A table that cannot be brought to its declared shape is one to replace, or refused. */
async function fitted(warehouse: Warehouse, work: Load, tables: LoadedTables): Promise<LoadedTables> {
  const found = await drifts(
    warehouse,
    tables.map(({ shape }) => shape),
  );
  refuseToBegin(work, tables, found);
  const isReplaced = ({ problems }: Drift) => work.mode === 'rebuild' && problems.length > 0;
  for (const drift of found.filter((one) => !isReplaced(one))) {
    await bringToShape(warehouse, drift, "load it once with mode 'rebuild', which creates the table anew");
  }
  const replaced = new Set(found.filter(isReplaced).map(({ shape }) => shape));
  const withOutward = async (table: LoadedTable): Promise<LoadedTable> =>
    replaced.has(table.shape)
      ? { ...table, outward: await warehouse.dialect.outwardOf(warehouse, table.shape) }
      : table;
  const [parent, ...children] = tables;
  return [await withOutward(parent), ...(await Promise.all(children.map(withOutward)))];
}

/** The statements that change the tables' rows, and record it. */
const MODES: Readonly<Record<Mode, (load: LoadUnderway, tables: LoadedTables) => string[]>> = {
  append,
  truncate,
  rebuild,
  upsert,
};

async function commit(warehouse: Warehouse, work: Load, tables: LoadedTables): Promise<void> {
  const { dialect } = warehouse;
  const underway = { ...work, dialect };
  const sqls = [
    dialect.lock('sluice.loads'),
    guard(underway),
    ...new Set(tables.map(({ shape }) => createSchema(dialect, shape))),
    ...tables.map(({ shape }) => createTable(dialect, shape)),
    ...MODES[work.mode](underway, tables),
    `DROP TABLE ${[tables[0].outcomes, ...tables.map(({ staging }) => staging)].join(', ')}`,
  ];
  const doing = `Loading ${tables[0].target}`;
  await warehouse.run({ doing, sqls, parameters: loadParameters(work), token: tokenOf(work.claim, 'load') });
}
