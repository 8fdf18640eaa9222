/** The Redshift Data API over DuckDB. README.md lists what it does and what it does not. */
import { dataApi, type Operations } from './api/operations.ts';
import type { ObjectStore } from './copy/files.ts';
import { Warehouse } from './engine/warehouse.ts';

export interface RedshiftDataOptions extends ObjectStore {
  /** The DuckDB file that holds the warehouse, created where absent. One process at a time can have it open. */
  readonly file: string;
  /** The one database. */
  readonly database: string;
  /** The namespace's administrator. Any password of a secret that names it is taken: only Redshift knows the real one. */
  readonly adminUser: string;
  /** The string of a secret, by ARN or name. */
  readonly secret: (arnOrName: string) => string | undefined;
  /** Names of the workgroups that exist; without it any name is taken. */
  readonly workgroups?: readonly string[];
}

export interface RedshiftData {
  /** By operation of the API; errors are thrown with the API's error code as their name. */
  readonly operations: Operations;
  /** Cancels what runs and closes the file. */
  close(): Promise<void>;
}

/**
 * Opens the warehouse.
 * @throws Error where the file cannot be opened, such as by two processes at once
 * @example
 * const { operations, close } = await openRedshiftData({ file, database, adminUser, objectPath, objectKeys, secret });
 * const { Id } = await operations.ExecuteStatement({ WorkgroupName, Database, SecretArn, Sql: 'SELECT 1' });
 */
export async function openRedshiftData(options: RedshiftDataOptions): Promise<RedshiftData> {
  const { objectPath, objectKeys, secret, workgroups } = options;
  const warehouse = await Warehouse.open(options);
  const { operations, end } = dataApi({ warehouse, secret, workgroups, objects: { objectPath, objectKeys } });
  return {
    operations,
    async close() {
      await end();
      warehouse.close();
    },
  };
}
