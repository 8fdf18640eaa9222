/** What the SQL of one engine has that another one's has not. All else is written once, in SQL that all understand. */
import type { Column, ColumnType } from '#lib/contract/table.ts';
import { identifier } from '#lib/sql/quoting.ts';
import type { Row, Session } from './session.ts';

/** A declared table, or one of its child tables: each becomes a table of its own. */
export interface Shape {
  /** `<schema>.<table>`. */
  readonly name: string;
  readonly columns: readonly Column[];
  readonly primaryKey?: readonly string[] | undefined;
  readonly distKey?: string | undefined;
  readonly sortKey?: readonly string[] | undefined;
}

/** What others gave a table and rely on, as statements that give it to the table of that quoted name. */
export type Outward = (target: string) => string[];

export interface Dialect extends StandardSql {
  /** As messages call it. */
  readonly engine: string;
  /** The present instant as a timestamp, UTC. */
  readonly now: string;
  typeName(type: ColumnType): string;
  /** What stands behind the columns of CREATE TABLE. */
  attributes(shape: Pick<Shape, 'distKey' | 'sortKey'>): string;
  /** The rights to a table that exists, and the comments on it. */
  outwardOf(session: Session, shape: Shape): Promise<Outward>;
}

interface StandardSql {
  createSchema(schema: string): string;
  /** Holds a table until the transaction ends; stands first in it. */
  lock(table: string): string;
  /** SQL of a value that is 1 where the text is '1', and of any other text fails the transaction. */
  failUnlessOne(text: string): string;
  /** The declared type of a row of information_schema.columns. */
  declaredType(row: Row): string;
}

/** What engines that descend from PostgreSQL have in common. */
export const standardSql: StandardSql = {
  createSchema: (schema) => `CREATE SCHEMA IF NOT EXISTS ${identifier(schema)}`,
  lock: (table) => `LOCK TABLE ${table}`,
  // There is no RAISE outside procedures.
  failUnlessOne: (text) => `CAST(${text} AS int4)`,
  declaredType,
};

const CATALOG_TYPES: Record<string, string> = {
  integer: 'int4',
  bigint: 'int8',
  'double precision': 'float8',
  double: 'float8',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
  'character varying': 'varchar',
};

function declaredType(row: Row): string {
  const catalog = String(row['data_type']).toLowerCase();
  const type = CATALOG_TYPES[catalog] ?? catalog;
  const length = row['character_maximum_length'];
  return type === 'varchar' && length !== null ? `varchar(${length})` : type;
}
