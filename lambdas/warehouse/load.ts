/**
 * One load: staged files into a table and its child tables. COPY into staging tables in one transaction; the rows
 * counted; then one transaction that replaces the tables' rows, records the load and drops the staging tables, and that
 * fails as a whole unless the load still may be.
 *
 * Transactions of loads come one after another, by a lock on `sluice.loads` that each takes before its snapshot:
 * whatever the isolation level, each sees all earlier loads. COPY runs beside others.
 */
import { Terminal } from '../runtime/errors.ts';
import { tokenOf } from './claims.ts';
import { copyStatement, createStaging } from './copy.ts';
import { endedInFailure } from './errors.ts';
import { type Loaded, recorded } from './load-record.ts';
import { type Load, type LoadedTables, loadParameters, tablesOf } from './plan.ts';
import { rebuild } from './rebuild.ts';
import { guard, isToDo } from './standing.ts';
import type { Warehouse } from './statements.ts';
import { alterations, createSchema, createTable } from './table-shape.ts';

/**
 * @throws NoSnapshot where a newer logical date is in the table: nothing is changed
 * @throws Terminal where the rows that arrived are not those that were staged, or a table cannot take them
 */
export async function load(warehouse: Warehouse, work: Load): Promise<Loaded> {
  const tables = tablesOf(work);
  if (await isToDo(warehouse, work)) await carryOut(warehouse, work, tables);
  return recorded(warehouse, work);
}

async function carryOut(warehouse: Warehouse, work: Load, tables: LoadedTables): Promise<void> {
  try {
    await copy(warehouse, work, tables);
    await reconcile(warehouse, tables);
    await evolve(warehouse, tables);
    await commit(warehouse, work, tables);
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

/** Drops what the claim before left, whose transaction failed. */
async function copy(warehouse: Warehouse, work: Load, tables: LoadedTables): Promise<void> {
  const { claim, copyRole, writeList } = work;
  const left = tablesOf({ ...work, claim: { ...claim, n: claim.n - 1 } });
  const sqls = claim.n > 1 ? left.map(({ staging }) => `DROP TABLE IF EXISTS ${staging}`) : [];
  for (const { shape, staging, files } of tables) {
    sqls.push(`DROP TABLE IF EXISTS ${staging}`, createStaging(staging, shape));
    if (files.parts.length === 0) continue;
    const manifest = await writeList(shape.name, files.parts);
    sqls.push(copyStatement({ staging, shape, manifest, role: copyRole }));
  }
  const parts = tables.reduce((sum, { files }) => sum + files.parts.length, 0);
  const doing = `Copying ${parts} staged files for ${tables[0].target}`;
  await warehouse.run({ doing, sqls, token: tokenOf(claim, 'copy') });
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

async function evolve(warehouse: Warehouse, tables: LoadedTables): Promise<void> {
  const shapes = tables.map(({ shape }) => shape);
  for (const sql of await alterations(warehouse, shapes)) {
    await warehouse.run({ doing: 'Adding a column that is declared', sqls: [sql] });
  }
}

async function commit(warehouse: Warehouse, work: Load, tables: LoadedTables): Promise<void> {
  const sqls = [
    'LOCK TABLE sluice.loads',
    guard(work),
    ...new Set(tables.map(({ shape }) => createSchema(shape))),
    ...tables.map(({ shape }) => createTable(shape)),
    ...rebuild(work, tables),
    ...tables.map(({ staging }) => `DROP TABLE ${staging}`),
  ];
  const doing = `Loading ${tables[0].target}`;
  await warehouse.run({ doing, sqls, parameters: loadParameters(work), token: tokenOf(work.claim, 'load') });
}

async function dropStaging(warehouse: Warehouse, tables: LoadedTables): Promise<void> {
  const sqls = tables.map(({ staging }) => `DROP TABLE IF EXISTS ${staging}`);
  await warehouse.run({ doing: `Dropping the staging tables of ${tables[0].target}`, sqls });
}
