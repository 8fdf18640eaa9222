/** The usual checks, as SQL. Each gives the rows that offend. */
import type { Ref } from '#lib/contract/ref.ts';
import { identifier, literal, tableName, type Value } from '#lib/sql/quoting.ts';

/** As an author writes it. */
export interface Check extends CheckOptions {
  readonly name: string;
  readonly sql: string;
  readonly params?: Readonly<Record<string, string | Ref<string>>>;
}

export interface CheckOptions {
  readonly severity?: 'warn' | 'fail';
  readonly threshold?: number;
}

/** Some columns, or one, of a table. */
export interface Columns {
  readonly table: string;
  readonly columns: readonly string[];
}

const list = (columns: readonly string[], prefix = ''): string =>
  columns.map((column) => `${prefix}${identifier(column)}`).join(', ');
const named = (check: string, table: string, columns: readonly string[]) => `${check} ${table} (${columns.join(', ')})`;

/** None of the columns is null. */
export const notNull = (table: string, columns: readonly string[], options?: CheckOptions): Check => ({
  name: named('not null', table, columns),
  sql: `select * from ${tableName(table)} where ${columns.map((column) => `${identifier(column)} is null`).join(' or ')}`,
  ...options,
});

/** No two rows are alike in all of the columns. A key that comes more than once offends once. */
export const unique = (table: string, columns: readonly string[], options?: CheckOptions): Check => ({
  name: named('unique', table, columns),
  sql:
    `select ${list(columns)}, count(*) as "rows" from ${tableName(table)} ` +
    `group by ${list(columns)} having count(*) > 1`,
  ...options,
});

/** What the columns of one table hold is in those of the other. Where one of them is null, there is nothing to find. */
export const references = (from: Columns, to: Columns, options?: CheckOptions): Check => ({
  name: `${named('references', from.table, from.columns)} in ${to.table}`,
  sql:
    `select child.* from ${tableName(from.table)} as child left join ${tableName(to.table)} as parent on ` +
    from.columns
      .map((column, n) => `parent.${identifier(to.columns[n] ?? column)} = child.${identifier(column)}`)
      .join(' and ') +
    ` where parent.${identifier(to.columns[0] ?? '')} is null and ` +
    from.columns.map((column) => `child.${identifier(column)} is not null`).join(' and '),
  ...options,
});

/** A column of a table. */
export interface OfColumn {
  readonly table: string;
  readonly column: string;
}
const ofColumn = (check: string, { table, column }: OfColumn, where: string) => ({
  name: named(check, table, [column]),
  sql: `select * from ${tableName(table)} where ${where}`,
});

/** The column holds one of these values, or null. */
export const acceptedValues = (of: OfColumn, values: readonly Value[], options?: CheckOptions): Check => ({
  ...ofColumn('accepted values', of, `${identifier(of.column)} not in (${values.map(literal).join(', ')})`),
  ...options,
});

/** The column holds nothing below the one and nothing above the other; null passes. */
export const between = (of: OfColumn, [low, high]: readonly [number, number], options?: CheckOptions): Check => ({
  ...ofColumn(
    `between ${low} and ${high}`,
    of,
    `${identifier(of.column)} not between ${literal(low)} and ${literal(high)}`,
  ),
  ...options,
});

/** The column holds numbers above zero, or null. */
export const greaterThanZero = (of: OfColumn, options?: CheckOptions): Check => ({
  ...ofColumn('greater than zero', of, `${identifier(of.column)} <= 0`),
  ...options,
});

/** The newest value of the column is of this time, UTC, or of a later one: `dag.run.dataInterval.start`. */
export const fresh = ({ table, column }: OfColumn, since: string | Ref<string>, options?: CheckOptions): Check => ({
  name: named('fresh', table, [column]),
  sql:
    `select max(${identifier(column)}) as newest from ${tableName(table)} ` +
    `having max(${identifier(column)}) is null or max(${identifier(column)}) < cast(:since as timestamp)`,
  params: { since },
  ...options,
});

/** The table has so many rows, at the least and at the most. */
export const rowCount = (
  table: string,
  { min = 0, max }: { readonly min?: number; readonly max?: number },
  options?: CheckOptions,
): Check => ({
  name: `row count ${table} (${max === undefined ? `at least ${min}` : `${min} to ${max}`})`,
  sql:
    `select count(*) as "rows" from ${tableName(table)} having count(*) < ${literal(min)}` +
    (max === undefined ? '' : ` or count(*) > ${literal(max)}`),
  ...options,
});
