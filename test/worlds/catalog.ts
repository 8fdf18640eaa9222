/** What tests ask an engine of its tables, in its own words. */
import { ENGINE } from './warehouse-aws.ts';

interface Catalog {
  /** Who may do what, with tables of a schema: `it`, `may`, `who`, `gives`. */
  readonly rights: (schema: string) => string;
  /** On tables of a schema and their columns: `column_name`, null of a table, and `remarks`. */
  readonly comments: (schema: string) => string;
  /** A field, by its path, of what a super holds. */
  readonly field: (column: string, path: readonly string[]) => string;
  /** What a super holds as text. */
  readonly text: (column: string) => string;
}

const REDSHIFT: Catalog = {
  rights: (schema) => `SELECT relation_name AS it, privilege_type AS may, identity_name AS who, admin_option AS gives
    FROM svv_relation_privileges WHERE namespace_name = '${schema}' ORDER BY 1, 3, 2`,
  comments: (schema) => `SELECT column_name, remarks FROM svv_columns
    WHERE table_schema = '${schema}' AND remarks IS NOT NULL
    UNION ALL SELECT NULL, remarks FROM svv_tables WHERE table_schema = '${schema}' ORDER BY 1`,
  field: (column, path) => [column, ...path].join('.'),
  // JSON_SERIALIZE would make the text 'null' of NULL.
  text: (column) => `CASE WHEN ${column} IS NOT NULL THEN JSON_SERIALIZE(${column}) END`,
};

const POSTGRES: Catalog = {
  rights: (schema) => `SELECT table_name AS it, privilege_type AS may, grantee AS who, is_grantable AS gives
    FROM information_schema.role_table_grants WHERE table_schema = '${schema}' AND grantee <> grantor ORDER BY 1, 3, 2`,
  comments: (schema) => `SELECT attname AS column_name, description AS remarks FROM pg_description
    JOIN pg_class ON pg_class.oid = objoid LEFT JOIN pg_attribute ON attrelid = objoid AND attnum = objsubid AND attnum > 0
    WHERE relnamespace = '${schema}'::regnamespace ORDER BY 1`,
  field: (column, path) => `${column} #>> '{${path.join(',')}}'`,
  text: (column) => `${column}::text`,
};

export const CATALOG = ENGINE === 'redshift' ? REDSHIFT : POSTGRES;
