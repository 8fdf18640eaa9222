/** LOCK: holds up other sessions that lock the table, until the transaction ends. Those that do not lock it go on. */
import { NOTHING, type Statement } from '../engine/statement.ts';
import { columnsOf } from '../engine/table-shape.ts';
import type { Cursor } from '../sql/cursor.ts';
import { quoteTable } from '../sql/names.ts';

/** After LOCK. The table is looked at once it is locked: looking begins the snapshot. */
export function lock(cursor: Cursor): Statement {
  cursor.take('table');
  const table = cursor.tableName();
  cursor.end();
  return {
    command: 'LOCK TABLE',
    transaction: 'inside',
    async run(session) {
      await session.lock(quoteTable(table));
      await columnsOf(session, table);
      return NOTHING;
    },
  };
}
