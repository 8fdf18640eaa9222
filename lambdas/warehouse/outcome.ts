/**
 * What becomes of each staged row, found once in the load's transaction and read by the statements that follow: a table
 * of the staged rows' keys and record numbers, with the outcome of each.
 *
 * - `duplicate`: of several rows with one key another one counts: that of the highest incremental key, then the last
 * - `inserted`: the key is new to the table, or the mode replaces rows
 * - `updated`, `older` (of an upsert): the stored row of the key is not newer, or is
 *
 * A child row has the outcome of its parent row.
 */

import { identifier } from '#lib/sql/quoting.ts';
import { RECORD_NUMBER } from '../lake/numbered.ts';
import type { Load, LoadedTable, LoadedTables } from './plan.ts';
import { columnList } from './table-shape.ts';

export type Outcome = 'duplicate' | 'inserted' | 'updated' | 'older';

const NUMBER = identifier(RECORD_NUMBER);

/** For a mode that replaces rows. */
export const judge = (load: Load, [parent]: LoadedTables): string => createOutcomes(load, parent, "'inserted'");

/** For upsert. A null incremental key is oldest, and of two equal ones the later load counts. */
export function judgeAgainstStored(load: Load, [parent]: LoadedTables): string {
  const { target, primaryKey } = parent;
  const incremental = identifier(load.declaration.incrementalKey ?? '');
  const verdict =
    `CASE WHEN stored.${identifier(primaryKey[0] ?? '')} IS NULL THEN 'inserted' ` +
    `WHEN stored.${incremental} IS NULL OR staged.${incremental} >= stored.${incremental} THEN 'updated' ELSE 'older' END`;
  const same = primaryKey.map((name) => `staged.${identifier(name)} = stored.${identifier(name)}`);
  return `${createOutcomes(load, parent, verdict)} LEFT JOIN ${target} AS stored ON ${same.join(' AND ')}`;
}

function createOutcomes({ declaration }: Load, { staging, primaryKey, outcomes }: LoadedTable, verdict: string) {
  const incremental = declaration.incrementalKey === undefined ? [] : [declaration.incrementalKey];
  const newest = incremental.map((name) => `${identifier(name)} DESC NULLS LAST, `).join('');
  const key = primaryKey.map((name) => ({ name }));
  const read = [...new Set([...primaryKey, ...incremental, RECORD_NUMBER])].map((name) => ({ name }));
  return (
    `CREATE TABLE ${outcomes} AS SELECT ${columnList(key, 'staged.')}, staged.${NUMBER}, ` +
    `CAST(CASE WHEN sluice_nth > 1 THEN 'duplicate' ELSE ${verdict} END AS varchar(16)) AS sluice_outcome ` +
    `FROM (SELECT ${columnList(read)}, ROW_NUMBER() OVER (PARTITION BY ${columnList(key)} ` +
    `ORDER BY ${newest}${NUMBER} DESC) AS sluice_nth FROM ${staging}) AS staged`
  );
}

/** A table's staged rows as `staged`, each with its `outcome.sluice_outcome`. */
export const judgedRows = (table: LoadedTable): string =>
  `${table.staging} AS staged JOIN ${table.outcomes} AS outcome ` +
  `ON staged.${NUMBER} = outcome.${NUMBER} AND ${sameParent(table, 'staged', 'outcome')}`;

/** Whether a row is of the declared table's row that `parent` holds the key of: that row itself, or a child of it. */
export const sameParent = ({ primaryKey, parentKey }: LoadedTable, row: string, parent: string): string =>
  Object.entries(parentKey ?? Object.fromEntries(primaryKey.map((name) => [name, name])))
    .map(([column, of]) => `${row}.${identifier(column)} = ${parent}.${identifier(of)}`)
    .join(' AND ');

export const having = (...outcomes: readonly Outcome[]): string =>
  `outcome.sluice_outcome IN (${outcomes.map((outcome) => `'${outcome}'`).join(', ')})`;

/** What is inserted: of a child table also the rows of a parent that is updated, whose former ones are deleted. */
export const insertedOf = ({ parentKey }: LoadedTable): readonly Outcome[] =>
  parentKey ? ['inserted', 'updated'] : ['inserted'];

/**
 * Inserts the rows that are new to a table.
 * @param values SQL of columns that a staged row does not fill
 */
export function insertInto(table: LoadedTable, values: Readonly<Record<string, string>> = {}): string {
  const more = Object.keys(values).map((name) => ({ name }));
  const selected = [columnList(table.columns, 'staged.'), ...Object.values(values)].join(', ');
  return (
    `INSERT INTO ${table.target} (${columnList([...table.columns, ...more])}) ` +
    `SELECT ${selected} FROM ${judgedRows(table)} WHERE ${having(...insertedOf(table))}`
  );
}
