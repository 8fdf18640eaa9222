/**
 * The load mode `append`: the rows of a data interval stand beside those of others. A row says of which interval it is
 * and which task loaded it, so that a load again replaces the rows that it wrote and no others.
 */

import { identifier, literal } from '#lib/sql/quoting.ts';
import { INTERVAL, LOADED_BY } from '../interval.ts';
import { held, record } from '../load-record.ts';
import { insertInto, judge } from '../outcome.ts';
import type { Load, LoadedTable, LoadedTables, LoadUnderway } from '../plan.ts';

export function append(load: LoadUnderway, tables: LoadedTables): string[] {
  const values = { [INTERVAL]: 'CAST(:sluice_interval AS timestamp)', [LOADED_BY]: literal(loadedBy(load)) };
  const own = Object.entries(values).map(([column, value]) => `${identifier(column)} = ${value}`);
  const ownRows = ({ target }: LoadedTable) => `FROM ${target} WHERE ${own.join(' AND ')}`;
  return [
    judge(load, tables),
    record(load, tables, (table) => `SELECT COUNT(*) AS n ${ownRows(table)}`),
    ...tables.flatMap((table) => [`DELETE ${ownRows(table)}`, insertInto(table, values)]),
    held(load, tables),
  ];
}

const loadedBy = ({ claim }: Load): string => `${claim.dagId}.${claim.task}`;
