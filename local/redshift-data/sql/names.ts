/** Names and values as text of DuckDB's SQL. */
export interface TableName {
  readonly schema?: string;
  readonly table: string;
}

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const quoteTable = ({ schema, table }: TableName): string =>
  schema === undefined ? quoteName(table) : `${quoteName(schema)}.${quoteName(table)}`;

/** As Redshift writes it in messages. */
export const showTable = ({ schema, table }: TableName): string =>
  schema === undefined ? table : `${schema}.${table}`;
