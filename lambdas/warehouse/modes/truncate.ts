/** The load mode `truncate`: afterwards the table holds these rows and no others. */
import { held, record } from '../load-record.ts';
import type { Load, LoadedTables } from '../plan.ts';
import { insertInto, judge } from './outcome.ts';

/** DELETE, not TRUNCATE: that one commits, and readers would see an empty table. */
export const truncate = (load: Load, tables: LoadedTables): string[] => [
  judge(load, tables),
  record(load, tables, ({ target }) => `SELECT COUNT(*) AS n FROM ${target}`),
  ...tables.flatMap((table) => [`DELETE FROM ${table.target}`, insertInto(table)]),
  held(load, tables),
];
