/** CREATE VIEW and DROP VIEW. */
import { checkPlan } from '../engine/bound-plan.ts';
import { NOTHING, type Statement } from '../engine/statement.ts';
import { requireCreate } from '../engine/users.ts';
import { notDone } from '../errors.ts';
import type { Cursor } from '../sql/cursor.ts';
import { quoteTable } from '../sql/names.ts';
import { toDuckdb } from '../sql/query.ts';
import { resultColumns } from './create-table.ts';

/** After CREATE [OR REPLACE] VIEW. */
export function createView(cursor: Cursor, replaces: boolean): Statement {
  const view = cursor.tableName();
  if (cursor.sees('(')) throw notDone('column names of a view', 'name the columns in the query');
  cursor.expect('as');
  const query = cursor.rest(() => cursor.sees('with', 'no', 'schema', 'binding'));
  if (!cursor.done) throw notDone('a late-binding view (WITH NO SCHEMA BINDING)', 'leave it out');
  return {
    command: 'CREATE VIEW',
    async run(session) {
      await requireCreate(session, view.schema ?? 'public');
      const select = await toDuckdb(query, session);
      await checkPlan(session, select, query);
      await resultColumns(session, select);
      await session.run(`CREATE ${replaces ? 'OR REPLACE ' : ''}VIEW ${quoteTable(view)} AS ${select}`);
      return NOTHING;
    },
  };
}

/** After DROP VIEW. */
export function dropView(cursor: Cursor): Statement {
  const ifExists = cursor.take('if', 'exists');
  const views = cursor.list(() => cursor.tableName());
  cursor.takeOneOf('cascade', 'restrict');
  cursor.end();
  return {
    command: 'DROP VIEW',
    async run(session) {
      for (const view of views) await session.run(`DROP VIEW ${ifExists ? 'IF EXISTS ' : ''}${quoteTable(view)}`);
      return NOTHING;
    },
  };
}
