/** Redshift's catalog and system views, as far as the warehouse answers them, over DuckDB's own catalog. */

/** DuckDB's name of the database that holds the user's tables, and of the one that holds these views and the macros. */
export const TABLES_CATALOG = '_embedded';
export const SYSTEM_CATALOG = 'memory';
/** Where the views are: on no search path, so that only a statement that we rewrote finds them. */
export const VIEWS_SCHEMA = 'views';
export const VIEWS = `${SYSTEM_CATALOG}.${VIEWS_SCHEMA}`;
/** The schema in the tables' file for the warehouse's own records: users, owners, load errors. */
export const RECORDS_SCHEMA = '_records';
export const RECORDS = `${TABLES_CATALOG}.${RECORDS_SCHEMA}`;
/** Who a connection works as; see `logIn`. */
export const SESSION_USER_VARIABLE = 'session_user_name';
const SESSION_USER = `getvariable('${SESSION_USER_VARIABLE}')`;
/** Schemas that no user made and none should see. */
const OWN_SCHEMAS = `('main', 'pg_catalog', 'information_schema', '${RECORDS_SCHEMA}')`;

const COLUMNS = `
  SELECT c.schema_name AS table_schema, c.table_name, c.column_name, c.column_index AS ordinal_position,
    c.column_default, NOT c.is_nullable AS not_null, c.data_type AS duckdb_type, c.numeric_precision, c.numeric_scale,
    c.comment AS remarks, k.length, c.database_name = 'temp' AS is_temporary
  FROM duckdb_columns() AS c
  LEFT JOIN (
    SELECT database_name, schema_name, table_name, constraint_column_names[1] AS column_name,
      TRY_CAST(regexp_extract(expression, '<= (\\d+)', 1) AS INTEGER) AS length
    FROM duckdb_constraints()
    WHERE constraint_type = 'CHECK' AND expression LIKE '(strlen(%'
  ) AS k USING (database_name, schema_name, table_name, column_name)
  WHERE (c.database_name = '${TABLES_CATALOG}' AND c.schema_name NOT IN ${OWN_SCHEMAS}) OR c.database_name = 'temp'`;

const TYPE_NAME = `CASE
    WHEN duckdb_type = 'VARCHAR' THEN 'character varying' WHEN duckdb_type = 'DOUBLE' THEN 'double precision'
    WHEN duckdb_type = 'FLOAT' THEN 'real' WHEN duckdb_type = 'JSON' THEN 'super'
    WHEN duckdb_type = 'TIMESTAMP' THEN 'timestamp without time zone'
    WHEN duckdb_type LIKE 'DECIMAL%' OR duckdb_type = 'HUGEINT' THEN 'numeric'
    ELSE lower(duckdb_type) END`;
const FULL_TYPE_NAME = `${TYPE_NAME} || CASE WHEN length IS NOT NULL THEN '(' || length || ')'
    WHEN duckdb_type LIKE 'DECIMAL%' THEN '(' || numeric_precision || ',' || numeric_scale || ')' ELSE '' END`;

const INFORMATION_COLUMNS = `
  SELECT current_database_name() AS table_catalog, table_schema, table_name, column_name, ordinal_position,
    column_default, CASE WHEN not_null THEN 'NO' ELSE 'YES' END AS is_nullable, ${TYPE_NAME} AS data_type,
    length AS character_maximum_length,
    CASE WHEN ${TYPE_NAME} = 'numeric' THEN numeric_precision END AS numeric_precision,
    CASE WHEN ${TYPE_NAME} = 'numeric' THEN numeric_scale END AS numeric_scale, remarks
  FROM ${VIEWS}.rs_columns WHERE NOT is_temporary`;

const TABLES = `
  SELECT schema_name AS table_schema, table_name, comment AS remarks, estimated_size AS tbl_rows
  FROM duckdb_tables() WHERE database_name = '${TABLES_CATALOG}' AND schema_name NOT IN ${OWN_SCHEMAS}`;
const INFORMATION_TABLES = `
  SELECT current_database_name() AS table_catalog, table_schema, table_name, 'BASE TABLE' AS table_type, remarks FROM ${VIEWS}.rs_tables`;
const SCHEMAS = `
  SELECT s.schema_name, coalesce(o.owner, 'rdsdb') AS schema_owner
  FROM duckdb_schemas() AS s LEFT JOIN ${RECORDS}.schema_owners AS o USING (schema_name)
  WHERE s.database_name = '${TABLES_CATALOG}' AND s.schema_name NOT IN ${OWN_SCHEMAS}`;
const PRIVILEGES = `
  SELECT schema_name AS namespace_name, table_name AS relation_name, privilege AS privilege_type,
    grantee AS identity_name, CASE WHEN grantee = 'public' THEN 'public' ELSE 'user' END AS identity_type,
    grantable AS admin_option
  FROM ${RECORDS}.table_grants
  WHERE grantee IN ('public', ${SESSION_USER}) OR ${SESSION_USER} IN (
    SELECT name FROM ${RECORDS}.users WHERE superuser UNION ALL SELECT name FROM ${RECORDS}.syslog_access)`;
const LOAD_ERRORS = `SELECT query_id, start_time, file_name, line_number, column_name, column_type,
    column_length, error_code, error_message FROM ${RECORDS}.load_errors`;

/** In the order of creation: a later one may read an earlier one. Names without a prefix of Redshift's are internal. */
export const INTERNAL_VIEWS: ReadonlyMap<string, string> = new Map([
  ['rs_columns', COLUMNS],
  ['rs_tables', TABLES],
]);

export const SYSTEM_VIEWS: ReadonlyMap<string, string> = new Map([
  ['information_schema_columns', `SELECT * EXCLUDE (remarks) FROM (${INFORMATION_COLUMNS})`],
  ['information_schema_tables', `SELECT * EXCLUDE (remarks) FROM (${INFORMATION_TABLES})`],
  [
    'information_schema_schemata',
    `SELECT current_database_name() AS catalog_name, schema_name, schema_owner FROM (${SCHEMAS})`,
  ],
  ['svv_columns', INFORMATION_COLUMNS],
  ['svv_tables', INFORMATION_TABLES],
  [
    'svv_table_info',
    `SELECT current_database_name() AS "database", table_schema AS "schema", table_name AS "table", tbl_rows
     FROM ${VIEWS}.rs_tables`,
  ],
  [
    'pg_table_def',
    `SELECT table_schema AS schemaname, table_name AS tablename, column_name AS "column", ${FULL_TYPE_NAME} AS type,
       not_null AS "notnull" FROM ${VIEWS}.rs_columns WHERE NOT is_temporary`,
  ],
  ['pg_namespace', `SELECT schema_name AS nspname FROM (${SCHEMAS})`],
  ['pg_user', `SELECT name AS usename, superuser AS usesuper FROM ${RECORDS}.users`],
  ['svv_relation_privileges', PRIVILEGES],
  ['svv_user_info', `SELECT name AS user_name, superuser FROM ${RECORDS}.users`],
  ['sys_load_error_detail', LOAD_ERRORS],
  [
    'stl_load_errors',
    `SELECT query_id AS query, start_time AS starttime, file_name AS filename, line_number, column_name AS colname,
       column_type AS type, column_length AS col_length, raw_value AS raw_field_value, error_code AS err_code,
       error_message AS err_reason FROM ${RECORDS}.load_errors`,
  ],
]);
