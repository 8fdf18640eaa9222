/** S3, Secrets Manager and the warehouse of the embedded AWS, for tests of what works on tables. */
import { join } from 'node:path';
import { ListStatementsCommand, RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { hashed } from '#lambdas/platform/warehouse-user/user.ts';
import type { DataApi } from '#lambdas/warehouse/engines/redshift/client.ts';
import { redshift } from '#lambdas/warehouse/engines/redshift/index.ts';
import type { Row } from '#lambdas/warehouse/session.ts';
import type { Warehouse } from '#lambdas/warehouse/warehouse.ts';
import type { Table } from '#lib/contract/table.ts';
import { jsonHandler } from '#local/endpoint/json-protocol.ts';
import { openRedshiftData } from '#local/redshift-data/index.ts';
import { type Aws, BUCKET, openAws } from './aws.ts';
import { openPostgresAws, POSTGRES_SECRET } from './postgres-aws.ts';
import { describeFunction } from './task-services.ts';

export { BUCKET };
export const ADMIN_SECRET = 'admin-secret';
export const USER_SECRET = 'user-secret';
const COPY_ROLE = 'arn:aws:iam::000000000000:role/copy';
export const target = { WorkgroupName: 'sluice', Database: 'dev', SecretArn: USER_SECRET };
const USER = { username: 'sluice_user', password: 'Test7Password' };

/** The engine that the tests of what works on tables run on: Redshift, and once more PostgreSQL (vitest.config.ts). */
export const ENGINE = process.env['SLUICE_ENGINE'] === 'postgres' ? 'postgres' : 'redshift';

/** As a task names it. */
export const warehouse =
  ENGINE === 'redshift'
    ? ({ connection: 'warehouse', type: 'redshift' } as const)
    : ({ connection: 'database', type: 'postgres' } as const);

/** Of the user that tasks work as. */
export const WAREHOUSE_SECRET = ENGINE === 'redshift' ? 'user-secret' : POSTGRES_SECRET;

interface Options {
  /** Whether there is the user that tasks work as, who may create schemas. */
  readonly user?: boolean;
  /** Of Redshift: of the warehouse; `:memory:` is none. */
  readonly file?: string;
}

export const openWarehouseAws = (options: Options = {}): Promise<WarehouseAws> =>
  ENGINE === 'redshift' ? openRedshiftAws(options) : openPostgresAws();

/** What tests have of a warehouse, whatever its engine. */
export interface WarehouseAws extends Aws {
  /** As tasks have it. */
  readonly warehouse: Warehouse;
  /** Runs statements in one transaction. */
  readonly sql: (...sqls: string[]) => Promise<number[]>;
  readonly admin: (...sqls: string[]) => Promise<number[]>;
  readonly query: (sql: string) => Promise<Row[]>;
  /** The texts of all statements that were sent. */
  readonly statements: () => Promise<string[]>;
  readonly describeFunction: (tables: readonly Table[]) => void;
}

export async function openRedshiftAws({ user = true, file = '' }: Options = {}) {
  const aws = await openAws();
  const data = await openRedshiftData({
    file: file || join(aws.dir, 'warehouse.duckdb'),
    database: target.Database,
    adminUser: 'admin',
    objectPath: aws.s3.pathOf,
    objectKeys: () => [],
    secret: (SecretId) => aws.secrets.operations.GetSecretValue({ SecretId }).SecretString,
  });
  aws.endpoint.handlers.set('redshift-data', jsonHandler('redshift-data', data.operations));
  aws.setSecret(ADMIN_SECRET, '{"username":"admin","password":"x"}');
  aws.setSecret(USER_SECRET, JSON.stringify(USER));

  const client = new RedshiftDataClient();
  const remaining = () => Number.POSITIVE_INFINITY;
  const open = (SecretArn: string, api: Partial<DataApi> = {}) =>
    redshift({ client, target: { ...target, SecretArn }, remaining, ...api }, () => ({
      s3: aws.client,
      bucket: BUCKET,
      role: COPY_ROLE,
    }));
  const admin = open(ADMIN_SECRET);
  const asUser = open(USER_SECRET);
  if (user) {
    const sqls = [
      `CREATE USER ${USER.username} PASSWORD '${hashed(USER.password)}' SYSLOG ACCESS UNRESTRICTED`,
      `GRANT CREATE ON DATABASE dev TO ${USER.username}`,
    ];
    await admin.run({ doing: 'Making the user', sqls });
  }
  return {
    ...aws,
    dataApi: client,
    warehouse: asUser,
    /** The same, through another client or in another time. */
    warehouseThrough: (api: Partial<DataApi>) => open(USER_SECRET, api),
    sql: (...sqls: string[]) => asUser.run({ doing: 'Preparing a test', sqls }),
    admin: (...sqls: string[]) => admin.run({ doing: 'Preparing a test', sqls }),
    query: (sql: string) => asUser.query({ doing: 'Checking a test', sql }),
    statements: async () => {
      const { Statements = [] } = await client.send(new ListStatementsCommand({ MaxResults: 1000 }));
      return Statements.flatMap(({ QueryString = '', QueryStrings = [] }) => [QueryString, ...QueryStrings]);
    },
    describeFunction: (tables: readonly Table[]) => {
      describeFunction(aws, tables);
      Object.assign(process.env, {
        SLUICE_CONNECTIONS: JSON.stringify({ warehouse: USER_SECRET }),
        SLUICE_WORKGROUP: target.WorkgroupName,
        SLUICE_DATABASE: target.Database,
        SLUICE_COPY_ROLE: COPY_ROLE,
      });
    },
    close: async () => {
      client.destroy();
      await data.close();
      await aws.close();
    },
  };
}
