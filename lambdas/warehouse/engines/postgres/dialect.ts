import { type Dialect, standardSql } from '#lambdas/warehouse/dialect.ts';
import type { Row } from '#lambdas/warehouse/session.ts';
import { identifier, literal } from '#lib/sql/quoting.ts';
import { outwardOf } from './outward.ts';

export const postgresDialect: Dialect = {
  ...standardSql,
  engine: 'PostgreSQL',
  now: "(clock_timestamp() AT TIME ZONE 'UTC')",
  typeName: (type) => (type === 'super' ? 'jsonb' : type),
  declaredType: (row: Row) => (row['data_type'] === 'jsonb' ? 'super' : standardSql.declaredType(row)),
  // Rows lie where they come; a table's order is an index that somebody asks for.
  attributes: () => '',
  // Who only reads the table is not kept waiting.
  lock: (table) => `LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`,
  /**
   * IF NOT EXISTS alone asks for the right to create one where there is nothing to create, and fails where two create it
   * at once: the second waits for the first one's transaction, and for the tables that it makes there.
   */
  createSchema: (schema) => `DO $sluice$ BEGIN
    IF to_regnamespace(${literal(identifier(schema))}) IS NULL THEN
      PERFORM pg_advisory_xact_lock(hashtextextended(${literal(`create schema ${schema}`)}, 0));
      CREATE SCHEMA ${identifier(schema)};
    END IF;
  EXCEPTION WHEN duplicate_schema OR unique_violation THEN NULL; END $sluice$`,
  outwardOf,
};
