/**
 * The load mode `rebuild`: afterwards the table holds these rows and no others, and has its declared shape. A table that
 * cannot be brought there in place is created anew beside the old one and takes its name, in the same transaction, with
 * the rights to it and the comments on it.
 */

import { identifier, splitName, tableName } from '#lib/sql/quoting.ts';
import type { Outward } from '../dialect.ts';
import { held, record } from '../load-record.ts';
import { insertInto, judge } from '../outcome.ts';
import type { LoadedTable, LoadedTables, LoadUnderway } from '../plan.ts';
import { createTable } from '../table-shape.ts';
import { allRows, replaceRows } from './truncate.ts';

export const rebuild = (load: LoadUnderway, tables: LoadedTables): string[] => [
  judge(load, tables),
  record(load, tables, allRows),
  ...tables.flatMap((table) => (table.outward ? swap(load, table, table.outward) : replaceRows(table))),
  held(load, tables),
];

/** A view that is not late-binding keeps the old table from being dropped, which fails the load. */
function swap({ dialect }: LoadUnderway, table: LoadedTable, outward: Outward): string[] {
  const { shape, target, besides } = table;
  const { schema, table: name } = splitName(shape.name);
  const anew = { ...shape, name: `${schema}.${besides}_new` };
  const into = tableName(anew.name);
  return [
    createTable(dialect, anew),
    insertInto({ ...table, target: into }),
    ...outward(into),
    `ALTER TABLE ${target} RENAME TO ${identifier(`${besides}_old`)}`,
    `ALTER TABLE ${into} RENAME TO ${identifier(name)}`,
    `DROP TABLE ${tableName(`${schema}.${besides}_old`)}`,
  ];
}
