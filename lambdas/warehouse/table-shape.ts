/** Tables from their declarations, and how a table that exists differs from its declaration. */

import { Terminal } from '#lib/contract/errors.ts';
import type { Column, TableDeclaration } from '#lib/contract/table.ts';
import { identifier, literal, splitName, tableName } from '#lib/sql/quoting.ts';
import type { Dialect, Shape } from './dialect.ts';
import type { Row, Session } from './session.ts';
import type { Warehouse } from './warehouse.ts';

/** A child table lies with its parent's rows where it carries the column that these are distributed by. */
export function childShapes({ children, distKey }: TableDeclaration): Shape[] {
  return children.map(({ name, columns, parent }) => {
    const key = Object.entries(parent).find(([, parentColumn]) => parentColumn === distKey)?.[0];
    return { name, columns, distKey: key };
  });
}

export const columnList = (columns: readonly Pick<Column, 'name'>[], of = ''): string =>
  columns.map(({ name }) => of + identifier(name)).join(', ');

export const createSchema = (dialect: Dialect, { name }: Shape): string => dialect.createSchema(splitName(name).schema);

/** An engine need not hold the key to be unique (Redshift does not, and believes it): the load keeps one row a key. */
export function createTable(dialect: Dialect, shape: Shape): string {
  const key = shape.primaryKey ? [`PRIMARY KEY (${shape.primaryKey.map(identifier).join(', ')})`] : [];
  const lines = [...shape.columns.map((column) => columnLine(dialect, column, shape.primaryKey)), ...key];
  return `CREATE TABLE IF NOT EXISTS ${tableName(shape.name)} (${lines.join(', ')})${dialect.attributes(shape)}`;
}

function columnLine(dialect: Dialect, { name, type, notNull }: Column, primaryKey: readonly string[] = []): string {
  return `${identifier(name)} ${dialect.typeName(type)}${notNull || primaryKey.includes(name) ? ' NOT NULL' : ''}`;
}

/** How a table that exists differs from its declaration. */
export interface Drift {
  readonly shape: Shape;
  /** Statements that add what is lacking. Columns beyond the declaration stay, and are null in what is loaded. */
  readonly additions: readonly string[];
  /** Differences, by name, that cannot be made good in place. */
  readonly problems: readonly string[];
}

/** Of the tables that exist, in the order of their shapes. */
export async function drifts(
  warehouse: Pick<Warehouse, 'dialect' | 'query'>,
  shapes: readonly Shape[],
): Promise<Drift[]> {
  const found = await warehouse.query({
    doing: `Reading the columns of ${shapes.map(({ name }) => tableName(name)).join(' and ')}`,
    sql: `SELECT table_schema, table_name, column_name, data_type, character_maximum_length
          FROM information_schema.columns WHERE ${shapes.map(isTable).join(' OR ')}`,
  });
  return shapes.flatMap((shape) => {
    const { schema, table } = splitName(shape.name);
    const columns = found.filter((row) => row['table_schema'] === schema && row['table_name'] === table);
    return columns.length === 0 ? [] : [driftOf(warehouse.dialect, shape, columns)];
  });
}

/**
 * Adds the columns that are lacking.
 * @param wayOut what else may be done than to change the declaration back, for the message
 * @throws Terminal naming each difference that cannot be made good in place
 */
export async function bringToShape(
  warehouse: Pick<Session, 'run'>,
  { shape, additions, problems }: Drift,
  wayOut: string,
) {
  if (problems.length > 0) {
    throw new Terminal(
      `The table ${tableName(shape.name)} differs from its declaration: ${problems.join('; ')}. ` +
        `Change the declaration back, or ${wayOut}.`,
    );
  }
  for (const sql of additions) await warehouse.run({ doing: 'Adding a column that is declared', sqls: [sql] });
}

function isTable({ name }: Shape): string {
  const { schema, table } = splitName(name);
  return `table_schema = ${literal(schema)} AND table_name = ${literal(table)}`;
}

function driftOf(dialect: Dialect, shape: Shape, columns: readonly Row[]): Drift {
  const present = new Map(columns.map((row) => [row['column_name'], dialect.declaredType(row)]));
  const problems = shape.columns.flatMap((column) => problemOf(dialect, column, present.get(column.name)));
  const lacking = shape.columns.filter(({ name }) => !present.has(name));
  const add = (column: Column) => `ALTER TABLE ${tableName(shape.name)} ADD COLUMN ${columnLine(dialect, column)}`;
  return { shape, problems, additions: lacking.map(add) };
}

function problemOf({ engine }: Dialect, { name, type, notNull }: Column, present: string | undefined): string[] {
  if (present === undefined) return notNull ? [`${name} is new and NOT NULL, which ${engine} cannot add`] : [];
  return present === type || (type.startsWith('varchar') && present === 'varchar')
    ? []
    : [`${name} is ${present}, declared as ${type}`];
}
