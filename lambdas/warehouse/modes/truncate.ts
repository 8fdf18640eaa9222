/** The load mode `truncate`: afterwards the table holds these rows and no others. */
import { held, record } from '../load-record.ts';
import { insertInto, judge } from '../outcome.ts';
import type { LoadedTable, LoadedTables, LoadUnderway } from '../plan.ts';

export const truncate = (load: LoadUnderway, tables: LoadedTables): string[] => [
  judge(load, tables),
  record(load, tables, allRows),
  ...tables.flatMap(replaceRows),
  held(load, tables),
];

export const allRows = ({ target }: LoadedTable): string => `SELECT COUNT(*) AS n FROM ${target}`;

/** DELETE, not TRUNCATE: that one commits, and readers would see an empty table. */
export const replaceRows = (table: LoadedTable): string[] => [`DELETE FROM ${table.target}`, insertInto(table)];
