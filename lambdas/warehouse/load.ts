/**
 * One load: staged files into a table and its child tables. COPY into staging tables in one transaction; the rows
 * counted; then one transaction that replaces the tables' rows, records the load and drops the staging tables, and that
 * fails as a whole unless the load still may be.
 *
 * Transactions of loads come one after another, by a lock on `sluice.loads` that each takes before its snapshot:
 * whatever the isolation level, each sees all earlier loads. COPY runs beside others.
 */
import { NoSnapshot, Terminal, Transient } from '../runtime/errors.ts';
import { tokenOf } from './claims.ts';
import { copyStatement, createStaging } from './copy.ts';
import { endedInFailure } from './errors.ts';
import { type Loaded, recorded } from './load-record.ts';
import { type Load, type LoadedTables, loadParameters, tablesOf } from './plan.ts';
import { tableName } from './quoting.ts';
import { rebuild } from './rebuild.ts';
import { guard, refuseUnlessStanding } from './standing.ts';
import type { Warehouse } from './statements.ts';
import { alterations, createSchema, createTable } from './table-shape.ts';

/**
 * Another attempt may work under the same claim at the same time: whatever happens to this one, what is recorded counts.
 *
 * @throws NoSnapshot where a newer logical date is in the table: nothing is changed
 * @throws Terminal where the rows that arrived are not those that were staged, or a table cannot take them
 */
export async function load(warehouse: Warehouse, work: Load): Promise<Loaded> {
  const before = await recorded(warehouse, work);
  if (before) return before;
  await refuseUnlessStanding(warehouse, work);
  const tables = tablesOf(work);
  try {
    await copy(warehouse, work, tables);
    await reconcile(warehouse, tables);
    await evolve(warehouse, tables);
    await commit(warehouse, work, tables);
  } catch (error) {
    const loaded = await recorded(warehouse, work);
    if (loaded) return loaded;
    if (error instanceof Terminal || error instanceof NoSnapshot) await dropStaging(warehouse, tables);
    throw error;
  }
  const after = await recorded(warehouse, work);
  if (after) return after;
  throw new Transient(`Loading ${tables[0].target}: the transaction ended in success, but its record is not there.`);
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
  for (const { shape, target } of tables) {
    for (const sql of await alterations(warehouse, shape)) {
      await warehouse.run({ doing: `Adding a declared column to ${target}`, sqls: [sql] });
    }
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
  const doing = `Loading ${tableName(work.declaration.name)}`;
  try {
    await warehouse.run({ doing, sqls, parameters: loadParameters(work), token: tokenOf(work.claim, 'load') });
  } catch (error) {
    if (endedInFailure(error)) await refuseUnlessStanding(warehouse, work);
    throw error;
  }
}

async function dropStaging(warehouse: Warehouse, tables: LoadedTables): Promise<void> {
  const sqls = tables.map(({ staging }) => `DROP TABLE IF EXISTS ${staging}`);
  await warehouse.run({ doing: `Dropping the staging tables of ${tables[0].target}`, sqls });
}
