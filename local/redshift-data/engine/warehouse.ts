/** The DuckDB instance: the user's tables in one file, our macros and system views beside it in memory. */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { MACROS } from '../catalog/macros.ts';
import {
  INTERNAL_VIEWS,
  RECORDS,
  SYSTEM_CATALOG,
  SYSTEM_VIEWS,
  TABLES_CATALOG,
  VIEWS,
} from '../catalog/system-views.ts';
import { quoteName, quoteText } from '../sql/names.ts';
import { TableLocks } from './table-locks.ts';

export interface WarehouseOptions {
  /** Created where absent. */
  readonly file: string;
  readonly database: string;
  readonly adminUser: string;
}

/** As Redshift computes; UTC, and an ORDER BY puts nulls last, or first if it descends. */
const SETTINGS = [
  "SET TimeZone = 'UTC'",
  'SET integer_division = true',
  "SET default_null_order = 'nulls_last_on_asc_first_on_desc'",
  `SET search_path = '${TABLES_CATALOG}.public,${SYSTEM_CATALOG}.main'`,
];

const RECORD_TABLES = [
  'users (name VARCHAR, superuser BOOLEAN, password VARCHAR)',
  'syslog_access (name VARCHAR)',
  'schema_owners (schema_name VARCHAR, owner VARCHAR)',
  'create_grants (schema_name VARCHAR, grantee VARCHAR)',
  'table_grants (schema_name VARCHAR, table_name VARCHAR, privilege VARCHAR, grantee VARCHAR, grantable BOOLEAN)',
  `load_errors (query_id BIGINT, start_time TIMESTAMP, file_name VARCHAR, line_number BIGINT,
     column_name VARCHAR, column_type VARCHAR, column_length VARCHAR, raw_value VARCHAR, error_code INTEGER,
     error_message VARCHAR)`,
];

export class Warehouse {
  readonly database: string;
  readonly file: string;
  readonly locks = new TableLocks();
  readonly #instance: DuckDBInstance;

  private constructor(instance: DuckDBInstance, { database, file }: WarehouseOptions) {
    this.#instance = instance;
    this.database = database;
    this.file = file;
  }

  /** @throws Error where the file cannot be opened, such as by two processes at once */
  static async open(options: WarehouseOptions): Promise<Warehouse> {
    const { file, database, adminUser } = options;
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    try {
      await attach(connection, file);
      await connection.run(setUp(database, adminUser).join(';\n'));
    } catch (error) {
      instance.closeSync();
      throw error;
    } finally {
      connection.closeSync();
    }
    return new Warehouse(instance, options);
  }

  /** A connection of one's own: its temporary tables end with it. */
  async connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    await connection.run(SETTINGS.join(';'));
    return connection;
  }

  close(): void {
    this.#instance.closeSync();
  }
}

async function attach(connection: DuckDBConnection, file: string): Promise<void> {
  try {
    await connection.run(`ATTACH ${quoteText(file)} AS ${quoteName(TABLES_CATALOG)}`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `The embedded warehouse cannot open ${file}: ${reason.split('\n')[0]}. ` +
        'If another process has it open (sluice local, another run), end that one first.',
      { cause },
    );
  }
}

function setUp(database: string, adminUser: string): string[] {
  const view = ([name, query]: [string, string]) => `CREATE VIEW ${VIEWS}.${name} AS ${query}`;
  return [
    `CREATE SCHEMA IF NOT EXISTS ${quoteName(TABLES_CATALOG)}.public`,
    `CREATE SCHEMA IF NOT EXISTS ${RECORDS}`,
    `CREATE SCHEMA ${VIEWS}`,
    ...RECORD_TABLES.map((table) => `CREATE TABLE IF NOT EXISTS ${RECORDS}.${table}`),
    `INSERT INTO ${RECORDS}.users SELECT ${quoteText(adminUser)}, true, NULL
       WHERE NOT EXISTS (FROM ${RECORDS}.users WHERE name = ${quoteText(adminUser)})`,
    `CREATE MACRO ${SYSTEM_CATALOG}.main.current_database_name() AS ${quoteText(database)}`,
    ...MACROS.map((macro) => `CREATE MACRO ${SYSTEM_CATALOG}.main.${macro}`),
    ...[...INTERNAL_VIEWS, ...SYSTEM_VIEWS].map(view),
  ];
}
