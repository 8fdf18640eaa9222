/** ALTER TABLE: rename, add and drop columns, hand over. */

import { VIEWS } from '../catalog/system-views.ts';
import type { Row, Session } from '../engine/session.ts';
import { NOTHING, type Statement } from '../engine/statement.ts';
import { renameRights } from '../engine/table-rights.ts';
import { type Column, columnDefinition, columnsOf } from '../engine/table-shape.ts';
import { requireUser } from '../engine/users.ts';
import { notDone, RedshiftError } from '../errors.ts';
import type { Cursor } from '../sql/cursor.ts';
import { quoteName, quoteTable, quoteText, type TableName } from '../sql/names.ts';
import { readColumn } from './column-definition.ts';
import { withDefaults } from './create-table.ts';

/** After ALTER TABLE. */
export function alterTable(cursor: Cursor): Statement {
  const table = cursor.tableName();
  if (cursor.take('append')) return append();
  if (cursor.take('rename', 'to')) return renameTo(cursor, table);
  if (cursor.take('rename')) return renameColumn(cursor, table);
  if (cursor.take('add')) return addColumn(cursor, table);
  if (cursor.take('drop')) return dropColumn(cursor, table);
  if (cursor.take('owner', 'to')) return ownerTo(cursor, table);
  throw notDone('this ALTER TABLE', 'it does RENAME, ADD COLUMN, DROP COLUMN, OWNER TO');
}

const append = (): Statement => ({
  command: 'ALTER TABLE APPEND',
  transaction: 'alone',
  run: () => Promise.reject(notDone('ALTER TABLE APPEND', 'use INSERT … SELECT')),
});

function renameTo(cursor: Cursor, table: TableName): Statement {
  const name = cursor.name();
  cursor.end();
  return altering(async (session) => {
    await columnsOf(session, table);
    await session.run(`ALTER TABLE ${quoteTable(table)} RENAME TO ${quoteName(name)}`);
    await renameRights(session, table, name);
  });
}

function renameColumn(cursor: Cursor, table: TableName): Statement {
  cursor.take('column');
  const from = cursor.name();
  cursor.expect('to');
  const to = cursor.name();
  cursor.end();
  return altering(async (session) => {
    const columns = await columnsOf(session, table);
    requireColumn(columns, from);
    const renamed = columns.map((column) => (column.name === from ? { ...column, name: to } : column));
    await rebuild(session, table, { columns: renamed, values: columns.map(({ name }) => quoteName(name)) });
  });
}

function addColumn(cursor: Cursor, table: TableName): Statement {
  cursor.take('column');
  const definition = readColumn(cursor);
  if (definition.isKey) throw new RedshiftError('ERROR: ALTER TABLE adds no DISTKEY or SORTKEY column on Redshift');
  if (cursor.sees(',')) throw new RedshiftError('ERROR: ALTER TABLE adds one column at a time on Redshift');
  cursor.end();
  return altering(async (session) => {
    const columns = await columnsOf(session, table);
    const [added] = await withDefaults(session, [definition]);
    if (!added) return;
    if (columns.some(({ name }) => name === added.name)) {
      throw new RedshiftError(`ERROR: column "${added.name}" of relation "${table.table}" already exists`);
    }
    if (added.notNull && added.default === undefined) {
      throw new RedshiftError(
        'ERROR: ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression',
      );
    }
    const values = [...columns.map(({ name }) => quoteName(name)), added.default ?? 'NULL'];
    await rebuild(session, table, { columns: [...columns, added], values });
  });
}

function dropColumn(cursor: Cursor, table: TableName): Statement {
  cursor.take('column');
  const dropped = cursor.name();
  cursor.takeOneOf('cascade', 'restrict');
  cursor.end();
  return altering(async (session) => {
    const columns = await columnsOf(session, table);
    requireColumn(columns, dropped);
    const left = columns.filter(({ name }) => name !== dropped);
    if (left.length === 0) throw new RedshiftError(`ERROR: cannot drop the only column of "${table.table}"`);
    await rebuild(session, table, { columns: left, values: left.map(({ name }) => quoteName(name)) });
  });
}

function ownerTo(cursor: Cursor, table: TableName): Statement {
  const owner = cursor.name();
  cursor.end();
  return altering(async (session) => {
    await columnsOf(session, table);
    await requireUser(session, owner);
  });
}

const altering = (alter: (session: Session) => Promise<void>): Statement => ({
  command: 'ALTER TABLE',
  async run(session) {
    await alter(session);
    return NOTHING;
  },
});

function requireColumn(columns: readonly Column[], name: string): void {
  if (!columns.some((column) => column.name === name))
    throw new RedshiftError(`ERROR: column "${name}" does not exist`);
}

interface NewShape {
  readonly columns: readonly Column[];
  /** What fills each from a row of the table as it was. */
  readonly values: readonly string[];
}
/** DuckDB cannot add a column with a length, nor change one that has it. */
async function rebuild(session: Session, table: TableName, { columns, values }: NewShape): Promise<void> {
  const interim: TableName = { ...table, table: `${table.table}__rebuilt` };
  await session.run(`CREATE TABLE ${quoteTable(interim)} (${columns.map(columnDefinition).join(', ')})`);
  await session.run(`INSERT INTO ${quoteTable(interim)} SELECT ${values.join(', ')} FROM ${quoteTable(table)}`);
  const comments = await commentsOn(session, table, columns);
  await session.run(`DROP TABLE ${quoteTable(table)}`);
  await session.run(`ALTER TABLE ${quoteTable(interim)} RENAME TO ${quoteName(table.table)}`);
  for (const comment of comments) await session.run(comment);
}

/** The statements that make them anew, for those columns that stay. */
async function commentsOn(session: Session, table: TableName, columns: readonly Column[]): Promise<string[]> {
  const names = [table.schema ?? 'public', table.table];
  const where = 'table_schema = $1 AND table_name = $2 AND remarks IS NOT NULL';
  const ofTable = await session.rows(`SELECT remarks FROM ${VIEWS}.rs_tables WHERE ${where}`, names);
  const ofColumns = await session.rows(`SELECT column_name, remarks FROM ${VIEWS}.rs_columns WHERE ${where}`, names);
  const staying = ofColumns.filter((row) => columns.some(({ name }) => name === row['column_name']));
  const column = (row: Row) => `COLUMN ${quoteTable(table)}.${quoteName(String(row['column_name']))}`;
  return [
    ...ofTable.map((row) => `COMMENT ON TABLE ${quoteTable(table)} IS ${quoteText(String(row['remarks']))}`),
    ...staying.map((row) => `COMMENT ON ${column(row)} IS ${quoteText(String(row['remarks']))}`),
  ];
}
