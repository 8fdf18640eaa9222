/** The load mode `rebuild`: the table's rows are replaced, in the transaction that it is part of. */
import { RECORD_NUMBER } from '../lake/numbered.ts';
import { OF_THIS_TASK } from './claims.ts';
import { record } from './load-record.ts';
import type { Load, LoadedTable, LoadedTables } from './plan.ts';
import { identifier, literal } from './quoting.ts';
import { columnList } from './table-shape.ts';

/** DELETE, not TRUNCATE: that one commits, and readers would see an empty table. */
export function rebuild(load: Load, [parent, ...children]: LoadedTables): string[] {
  return [
    ...replaceRows(load, parent, keptRows(parent)),
    ...children.flatMap((child) => replaceRows(load, child, rowsOfKept(parent, child))),
  ];
}

const replaceRows = (load: Load, table: LoadedTable, kept: string): string[] => [
  record(load, table, kept),
  `DELETE FROM ${table.target}`,
  `INSERT INTO ${table.target} (${columnList(table.shape.columns)}) ${kept}`,
  heldToRecord(load, table),
];

/** One row a key: the one that its extract gave last. */
function keptRows({ shape, staging }: LoadedTable): string {
  const columns = columnList(shape.columns);
  const key = shape.primaryKey?.map(identifier).join(', ');
  return (
    `SELECT ${columns} FROM (SELECT ${columns}, ROW_NUMBER() OVER (PARTITION BY ${key} ` +
    `ORDER BY ${identifier(RECORD_NUMBER)} DESC) AS sluice_nth FROM ${staging}) AS staged WHERE sluice_nth = 1`
  );
}

/** The child rows of the parent rows that are kept. */
function rowsOfKept(parent: LoadedTable, child: LoadedTable): string {
  const key = Object.entries(child.parentKey ?? {});
  const number = identifier(RECORD_NUMBER);
  const same = key.map(([column, of]) => `child.${identifier(column)} = kept.${identifier(of)}`);
  const parentKey = columnList(key.map(([, name]) => ({ name })));
  return (
    `SELECT ${columnList(child.shape.columns, 'child.')} FROM ${child.staging} AS child ` +
    `JOIN (SELECT ${parentKey}, MAX(${number}) AS ${number} FROM ${parent.staging} GROUP BY ${parentKey}) AS kept ` +
    `ON ${[...same, `child.${number} = kept.${number}`].join(' AND ')}`
  );
}

/** Fails the transaction where the table does not hold the rows that the record says. */
const heldToRecord = ({ claim }: Load, { shape, target }: LoadedTable): string =>
  `SELECT CAST(CASE WHEN present.n = loaded.inserted THEN '1' ELSE ${literal(`rows of ${shape.name} are missing`)} END AS int4)
   FROM (SELECT COUNT(*) AS n FROM ${target}) AS present
   CROSS JOIN (SELECT MAX(inserted) AS inserted FROM sluice.loads
     WHERE ${OF_THIS_TASK} AND clearing = ${claim.clearing} AND table_name = ${literal(shape.name)}) AS loaded`;
