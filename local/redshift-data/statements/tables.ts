/** What is done to whole tables: DROP, TRUNCATE, COMMENT, and maintenance that has nothing to do here. */

import { NOTHING, type Statement } from '../engine/statement.ts';
import { forgetRights } from '../engine/table-rights.ts';
import { columnsOf } from '../engine/table-shape.ts';
import { RedshiftError } from '../errors.ts';
import type { Cursor } from '../sql/cursor.ts';
import { quoteName, quoteTable, quoteText, type TableName } from '../sql/names.ts';

/** After DROP TABLE. */
export function dropTable(cursor: Cursor): Statement {
  const ifExists = cursor.take('if', 'exists');
  const tables = cursor.list(() => cursor.tableName());
  cursor.takeOneOf('cascade', 'restrict');
  cursor.end();
  return {
    command: 'DROP TABLE',
    async run(session) {
      for (const table of tables) {
        if (!ifExists) await columnsOf(session, table);
        await session.run(`DROP TABLE ${ifExists ? 'IF EXISTS ' : ''}${quoteTable(table)}`);
        await forgetRights(session, table);
      }
      return NOTHING;
    },
  };
}

/** After TRUNCATE. */
export function truncate(cursor: Cursor): Statement {
  cursor.take('table');
  const table = cursor.tableName();
  cursor.end();
  return {
    command: 'TRUNCATE',
    transaction: 'commits',
    async run(session) {
      await session.run(`DELETE FROM ${quoteTable(table)}`);
      return NOTHING;
    },
  };
}

/** After COMMENT ON. */
export function comment(cursor: Cursor): Statement {
  const kind = cursor.takeOneOf('table', 'column');
  if (kind === undefined) throw cursor.unexpected();
  const names = cursor
    .rest(() => cursor.sees('is'))
    .flatMap(({ kind: token, value }) => (token === 'symbol' ? [] : [value]));
  cursor.expect('is');
  const text = cursor.take('null') ? 'NULL' : quoteText(cursor.text());
  cursor.end();
  const column = kind === 'column' ? names.at(-1) : undefined;
  const path = kind === 'column' ? names.slice(0, -1) : names;
  const table: TableName = { table: path.at(-1) ?? '', ...(path[1] !== undefined && { schema: path[0] ?? '' }) };
  return {
    command: 'COMMENT',
    async run(session) {
      const columns = await columnsOf(session, table);
      const known = column === undefined || columns.some(({ name }) => name === column);
      if (!known) throw new RedshiftError(`ERROR: column "${column}" of relation "${table.table}" does not exist`);
      const on = column === undefined ? quoteTable(table) : `${quoteTable(table)}.${quoteName(column)}`;
      await session.run(`COMMENT ON ${kind} ${on} IS ${text}`);
      return NOTHING;
    },
  };
}

/** After ANALYZE or VACUUM: nothing to do, but the table must be there. */
export function maintain(cursor: Cursor, command: 'ANALYZE' | 'VACUUM'): Statement {
  cursor.takeOneOf('full', 'delete', 'sort', 'reindex', 'recluster', 'verbose', 'compression');
  if (command === 'VACUUM') cursor.take('only');
  const table = cursor.done ? undefined : cursor.tableName();
  if (table && cursor.sees('(')) cursor.names();
  cursor.end();
  return {
    command,
    ...(command === 'VACUUM' && { transaction: 'alone' }),
    async run(session) {
      if (table) await columnsOf(session, table);
      return NOTHING;
    },
  };
}
