/** CREATE TABLE, with columns, LIKE another, or AS a query. */

import { checkPlan } from '../engine/bound-plan.ts';
import type { Session } from '../engine/session.ts';
import { NOTHING, type Outcome, type Statement } from '../engine/statement.ts';
import { type Column, columnDefinition, columnsOf } from '../engine/table-shape.ts';
import { requireCreate } from '../engine/users.ts';
import { notDone, RedshiftError } from '../errors.ts';
import { fromDuckdb } from '../sql/column-types.ts';
import type { Cursor } from '../sql/cursor.ts';
import { quoteTable, type TableName } from '../sql/names.ts';
import { expressionToDuckdb, toDuckdb } from '../sql/query.ts';
import { isSyntax, type Token } from '../sql/tokens.ts';
import { type ColumnDefinition, readColumn, readReference } from './column-definition.ts';
import { readTableAttributes, refuseSuperKeys, requireColumns } from './table-attributes.ts';

interface Target {
  readonly table: TableName;
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
}

/** After CREATE [TEMP] TABLE. */
export function createTable(cursor: Cursor, temporary: boolean): Statement {
  const ifNotExists = cursor.take('if', 'not', 'exists');
  const target: Target = { table: cursor.tableName(), temporary, ifNotExists };
  if (temporary && target.table.schema !== undefined) {
    throw new RedshiftError(
      'ERROR: cannot create a temporary table in a schema: temporary tables have one of their own',
    );
  }
  if (!cursor.take('(')) return createTableAs(cursor, target);
  const like = cursor.take('like') ? readLike(cursor) : undefined;
  const items = like ? NO_ITEMS : readItems(cursor);
  cursor.expect(')');
  const attributes = readTableAttributes(cursor);
  if (cursor.sees('as')) throw notDone('column names before AS', 'name the columns in the query');
  cursor.end();
  return {
    command: 'CREATE TABLE',
    async run(session) {
      const columns = like ? await columnsLike(session, like) : await withDefaults(session, items.columns);
      requireColumns(
        columns.map(({ name }) => name),
        [...items.keys, ...attributes.columns],
      );
      const own = items.columns.flatMap(({ name, isKey }) => (isKey ? [name] : []));
      refuseSuperKeys(columns, [...own, ...attributes.columns]);
      return create(session, target, `(${columns.map(columnDefinition).join(', ')})`);
    },
  };
}

async function create(session: Session, { table, temporary, ifNotExists }: Target, what: string): Promise<Outcome> {
  if (!temporary) await requireCreate(session, table.schema ?? 'public');
  const kind = `${temporary ? 'TEMP ' : ''}TABLE${ifNotExists ? ' IF NOT EXISTS' : ''}`;
  await session.run(`CREATE ${kind} ${quoteTable(table)} ${what}`);
  return NOTHING;
}

interface Like {
  readonly table: TableName;
  readonly withDefaults: boolean;
}
function readLike(cursor: Cursor): Like {
  const table = cursor.tableName();
  const including = cursor.take('including', 'defaults');
  if (!including) cursor.take('excluding', 'defaults');
  return { table, withDefaults: including };
}

async function columnsLike(session: Session, like: Like): Promise<Column[]> {
  const columns = await columnsOf(session, like.table);
  return like.withDefaults ? columns : columns.map(({ name, type, notNull }) => ({ name, type, notNull }));
}

interface Items {
  readonly columns: readonly ColumnDefinition[];
  /** Columns that keys name. */
  readonly keys: readonly string[];
}
const NO_ITEMS: Items = { columns: [], keys: [] };

function readItems(cursor: Cursor): Items {
  const columns: ColumnDefinition[] = [];
  const keys: string[] = [];
  const primary: string[] = [];
  cursor.list(() => {
    const key = readKey(cursor);
    if (key?.primary) primary.push(...key.columns);
    if (key) keys.push(...key.columns);
    else columns.push(readColumn(cursor));
  });
  const twice = columns.find(({ name }, index) => columns.findIndex((column) => column.name === name) < index);
  if (twice) throw new RedshiftError(`ERROR: column "${twice.name}" specified more than once`);
  const notNull = (column: ColumnDefinition) => column.notNull || primary.includes(column.name);
  return { columns: columns.map((column) => ({ ...column, notNull: notNull(column) })), keys };
}

/** A key of the table: not enforced, but a primary key's columns are never null. */
function readKey(cursor: Cursor): { primary: boolean; columns: string[] } | undefined {
  if (cursor.take('constraint')) cursor.name();
  if (cursor.take('primary', 'key')) return { primary: true, columns: cursor.names() };
  if (cursor.take('unique')) return { primary: false, columns: cursor.names() };
  if (!cursor.take('foreign', 'key')) return undefined;
  const columns = cursor.names();
  cursor.expect('references');
  readReference(cursor);
  return { primary: false, columns };
}

export const withDefaults = (session: Session, columns: readonly ColumnDefinition[]): Promise<Column[]> =>
  Promise.all(
    columns.map(async ({ default: value, isKey: _, ...column }) =>
      value ? { ...column, default: await expressionToDuckdb(value, session) } : column,
    ),
  );

function createTableAs(cursor: Cursor, target: Target): Statement {
  if (target.ifNotExists) throw new RedshiftError('ERROR: CREATE TABLE AS does not take IF NOT EXISTS on Redshift');
  const attributes = readTableAttributes(cursor);
  cursor.expect('as');
  const query = cursor.rest();
  return {
    command: 'CREATE TABLE AS',
    async run(session) {
      const select = await toDuckdb(query, session);
      await checkPlan(session, select, query);
      const columns = await resultColumns(session, select);
      requireColumns(
        columns.map(({ name }) => name),
        attributes.columns,
      );
      refuseSuperKeys(columns, attributes.columns);
      await create(session, target, `AS ${select}`);
      const [{ rows } = { rows: 0 }] = await session.rows(`SELECT count(*) AS rows FROM ${quoteTable(target.table)}`);
      return { rows: Number(rows) };
    },
  };
}

/** @throws RedshiftError where Redshift could not store what the query gives */
export async function resultColumns(session: Session, select: string): Promise<Column[]> {
  const rows = await session.rows(`DESCRIBE ${select}`);
  const names = rows.map((row) => String(row['column_name']));
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new RedshiftError(`ERROR: column "${twice}" specified more than once`);
  return rows.map((row, at) => ({
    name: names[at] as string,
    type: fromDuckdb(String(row['column_type'])),
    notNull: false,
  }));
}

/** The part of a CREATE TABLE AS in which Redshift can bind parameters. */
export const queryBegins = (tokens: readonly Token[]): number =>
  tokens.findIndex((token, at) => isSyntax(token, 'as') && isSyntax(tokens[at + 1], 'select', 'with', '('));
