/** What one request works in: a connection, as a user, with what the session remembers. */
import type { DuckDBConnection, DuckDBMaterializedResult, DuckDBValue } from '@duckdb/node-api';
import { notDone } from '../errors.ts';
import type { SessionFacts } from '../sql/functions.ts';
import { asRedshiftError } from './duckdb-errors.ts';
import type { TableLocks } from './table-locks.ts';

/** Of a result's row, by column. Integers of 64 bits are bigint. */
export type Row = Record<string, unknown>;

type SessionOptions = Pick<Session, 'user' | 'isAdmin' | 'database' | 'connectAside'> & {
  readonly locks: TableLocks;
  /** Of the warehouse. */
  readonly file: string;
};

export class Session implements SessionFacts {
  readonly connection: DuckDBConnection;
  readonly user: string;
  readonly isAdmin: boolean;
  readonly database: string;
  /** Of the statement that runs now. */
  queryId = 0;
  lastCopy: SessionFacts['lastCopy'];

  readonly #locks: TableLocks;
  readonly #file: string;
  #held: { readonly table: string; readonly free: () => void } | undefined;
  /** Another connection to the same warehouse, outside of the session's transaction. */
  readonly connectAside: () => Promise<DuckDBConnection>;

  constructor(connection: DuckDBConnection, { user, isAdmin, database, connectAside, locks, file }: SessionOptions) {
    this.#file = file;
    this.connection = connection;
    this.connectAside = connectAside;
    this.user = user;
    this.isAdmin = isAdmin;
    this.database = database;
    this.#locks = locks;
  }

  /**
   * Waits until no other session holds the table. One table a transaction: of two, sessions could wait for each other.
   * @throws RedshiftError where the session holds another
   */
  async lock(table: string): Promise<void> {
    if (this.#held?.table === table) return;
    if (this.#held) throw notDone('LOCK of a second table in one transaction', 'it would have to find deadlocks');
    this.#held = { table, free: await this.#locks.take(table) };
  }

  /** Frees what the session has locked: its transaction has ended. */
  unlock(): void {
    this.#held?.free();
    this.#held = undefined;
  }

  /** @throws RedshiftError */
  async run(sql: string, values?: DuckDBValue[]): Promise<DuckDBMaterializedResult> {
    try {
      return await this.connection.run(sql, values);
    } catch (error) {
      throw asRedshiftError(error, this.#file);
    }
  }

  /** @throws RedshiftError */
  async rows(sql: string, values?: DuckDBValue[]): Promise<Row[]> {
    return (await this.run(sql, values)).getRowObjectsJS();
  }

  async exists(sql: string, values?: DuckDBValue[]): Promise<boolean> {
    return (await this.rows(sql, values)).length > 0;
  }
}
