/** Tables from their declarations, and how a table that exists differs from its declaration. */
import type { Column, TableDeclaration } from '#lib/contract/table.ts';
import { Terminal } from '../runtime/errors.ts';
import { identifier, splitName, tableName } from './quoting.ts';
import type { Warehouse } from './statements.ts';

/** A declared table, or one of its child tables: each becomes a table of its own. */
export interface Shape {
  /** `<schema>.<table>`. */
  readonly name: string;
  readonly columns: readonly Column[];
  readonly primaryKey?: readonly string[] | undefined;
  readonly distKey?: string | undefined;
  readonly sortKey?: readonly string[] | undefined;
}

/** A child table lies with its parent's rows where it carries the column that these are distributed by. */
export function childShapes({ children, distKey }: TableDeclaration): Shape[] {
  return children.map(({ name, columns, parent }) => {
    const key = Object.entries(parent).find(([, parentColumn]) => parentColumn === distKey)?.[0];
    return { name, columns, distKey: key };
  });
}

export const columnList = (columns: readonly Pick<Column, 'name'>[], of = ''): string =>
  columns.map(({ name }) => of + identifier(name)).join(', ');

export const createSchema = ({ name }: Shape): string =>
  `CREATE SCHEMA IF NOT EXISTS ${identifier(splitName(name).schema)}`;

/** Redshift holds no key to be unique; its planner believes it, so the load keeps one row a key. */
export function createTable(shape: Shape): string {
  const key = shape.primaryKey ? [`PRIMARY KEY (${shape.primaryKey.map(identifier).join(', ')})`] : [];
  const lines = [...shape.columns.map((column) => columnLine(column, shape.primaryKey)), ...key];
  return `CREATE TABLE IF NOT EXISTS ${tableName(shape.name)} (${lines.join(', ')})${attributes(shape)}`;
}

const columnLine = ({ name, type, notNull }: Column, primaryKey: readonly string[] = []) =>
  `${identifier(name)} ${type}${notNull || primaryKey.includes(name) ? ' NOT NULL' : ''}`;

export function attributes({ distKey, sortKey }: Pick<Shape, 'distKey' | 'sortKey'>): string {
  const dist = distKey === undefined ? '' : ` DISTKEY (${identifier(distKey)})`;
  const sort = sortKey?.length ? ` SORTKEY (${sortKey.map(identifier).join(', ')})` : '';
  return dist + sort;
}

/**
 * The statements that bring a table to its declared shape: none where it has it or does not exist yet, one for each
 * column that it lacks. Columns that it has beyond its declaration stay, and are null in what is loaded.
 * @throws Terminal naming each column whose change Redshift cannot make in place
 */
export async function alterations(warehouse: Warehouse, shape: Shape): Promise<string[]> {
  const { schema, table } = splitName(shape.name);
  const found = await warehouse.query({
    doing: `Reading the columns of ${tableName(shape.name)}`,
    sql: `SELECT column_name, data_type, character_maximum_length FROM information_schema.columns
          WHERE table_schema = :sluice_schema AND table_name = :sluice_table`,
    parameters: { sluice_schema: schema, sluice_table: table },
  });
  if (found.length === 0) return [];
  const present = new Map(found.map((row) => [String(row['column_name']), typeOf(row)]));
  const problems = shape.columns.flatMap((column) => problemOf(column, present.get(column.name)));
  if (problems.length > 0) {
    throw new Terminal(
      `The table ${tableName(shape.name)} differs from its declaration: ${problems.join('; ')}. ` +
        'Change the declaration back, or rename the table away; the next load creates it anew.',
    );
  }
  return shape.columns
    .filter(({ name }) => !present.has(name))
    .map((column) => `ALTER TABLE ${tableName(shape.name)} ADD COLUMN ${columnLine(column)}`);
}

function problemOf({ name, type, notNull }: Column, present: string | undefined): string[] {
  if (present === undefined) return notNull ? [`${name} is new and NOT NULL, which Redshift cannot add`] : [];
  return present === type || (type.startsWith('varchar') && present === 'varchar')
    ? []
    : [`${name} is ${present}, declared as ${type}`];
}

/** The catalog's names of the types that a declaration knows. */
const CATALOG_TYPES: Record<string, string> = {
  integer: 'int4',
  bigint: 'int8',
  'double precision': 'float8',
  double: 'float8',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
  'character varying': 'varchar',
};

function typeOf(row: Record<string, unknown>): string {
  const catalog = String(row['data_type']).toLowerCase();
  const type = CATALOG_TYPES[catalog] ?? catalog;
  const bytes = row['character_maximum_length'];
  return type === 'varchar' && bytes !== null ? `varchar(${bytes})` : type;
}
