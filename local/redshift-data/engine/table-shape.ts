/** What a table's columns are. */
import { VIEWS } from '../catalog/system-views.ts';
import { RedshiftError } from '../errors.ts';
import { type ColumnType, duckdbType, fromDuckdb, lengthCheck } from '../sql/column-types.ts';
import { quoteName, showTable, type TableName } from '../sql/names.ts';
import type { Session } from './session.ts';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly notNull: boolean;
  /** An expression in DuckDB's SQL. */
  readonly default?: string;
}

/** @throws RedshiftError where there is no such table */
export async function columnsOf(session: Session, table: TableName): Promise<Column[]> {
  const rows = await session.rows(
    `SELECT column_name, duckdb_type, length, not_null, column_default FROM ${VIEWS}.rs_columns
     WHERE table_name = $1 AND CASE WHEN is_temporary THEN $2 IS NULL ELSE table_schema = coalesce($2, 'public') END
     QUALIFY rank() OVER (ORDER BY is_temporary DESC) = 1 ORDER BY ordinal_position`,
    [table.table, table.schema ?? null],
  );
  if (rows.length === 0) throw new RedshiftError(`ERROR: relation "${showTable(table)}" does not exist`);
  return rows.map((row) => ({
    name: String(row['column_name']),
    type: fromDuckdb(String(row['duckdb_type']), row['length'] === null ? undefined : Number(row['length'])),
    notNull: row['not_null'] === true,
    ...(row['column_default'] === null ? {} : { default: String(row['column_default']) }),
  }));
}

/** A column's line of a CREATE TABLE in DuckDB's SQL. */
export function columnDefinition({ name, type, notNull, default: value }: Column): string {
  const rules = `${value === undefined ? '' : ` DEFAULT ${value}`}${notNull ? ' NOT NULL' : ''}${lengthCheck(name, type)}`;
  return `${quoteName(name)} ${duckdbType(type)}${rules}`;
}
