/**
 * The load mode `upsert`: one row a key. A key that is new is inserted; a stored row is updated unless it is newer. Of
 * an update, what the record did not have stays as it is stored, and what it had as null becomes null. Child rows of
 * the rows that are inserted or updated are replaced, unless the record did not have the field that holds them.
 */

import { identifier, literal, splitName } from '#lib/sql/quoting.ts';
import { ABSENT, inQuotes } from '../../lake/numbered.ts';
import { held, record } from '../load-record.ts';
import { having, insertInto, judgeAgainstStored, judgedRows, sameParent } from '../outcome.ts';
import type { LoadedTable, LoadedTables, LoadUnderway } from '../plan.ts';

export function upsert(load: LoadUnderway, tables: LoadedTables): string[] {
  const [parent, ...children] = tables;
  const gone = (table: LoadedTable) => (table === parent ? 'false' : isReplaced(parent, table));
  return [
    judgeAgainstStored(load, tables),
    record(load, tables, (table) => `SELECT COUNT(*) AS n FROM ${table.target} WHERE ${gone(table)}`),
    ...update(parent),
    insertInto(parent),
    ...children.flatMap((child) => [`DELETE FROM ${child.target} WHERE ${gone(child)}`, insertInto(child)]),
    held(load, tables),
  ];
}

function update(table: LoadedTable): string[] {
  const changing = table.columns.filter(({ name }) => !table.primaryKey.includes(name));
  const values = changing.map(({ name }) => {
    const column = identifier(name);
    return `${column} = CASE WHEN ${isAbsent(name)} THEN ${stored(table)}.${column} ELSE staged.${column} END`;
  });
  if (values.length === 0) return [];
  return [
    `UPDATE ${table.target} SET ${values.join(', ')} FROM ${judgedRows(table)} ` +
      `WHERE ${having('updated')} AND ${sameParent(table, stored(table), 'staged')}`,
  ];
}

/** Whether a stored child row goes: the record of its parent counts, and says what child rows there are. */
const isReplaced = (parent: LoadedTable, child: LoadedTable): string =>
  `EXISTS (SELECT 1 FROM ${judgedRows(parent)} WHERE ${having('inserted', 'updated')} ` +
  `AND ${sameParent(child, stored(child), 'staged')} AND NOT ${isAbsent(child.shape.name)})`;

const isAbsent = (name: string): string =>
  `STRPOS(COALESCE(staged.${identifier(ABSENT)}, ''), ${literal(inQuotes(name))}) > 0`;

/** The table that a statement changes, as its conditions name it. */
const stored = ({ shape }: LoadedTable): string => identifier(splitName(shape.name).table);
