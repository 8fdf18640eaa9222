/** Questions to the warehouse, through the Data API. */

import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  type Field,
  paginateGetStatementResult,
  type RedshiftDataClient,
  RedshiftDataServiceException,
} from '@aws-sdk/client-redshift-data';
import { UsageError } from '../errors.ts';
import type { Deployment } from './deployment.ts';

export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}
export type Value = string | number | boolean | null;

const POLL_MS = 100;

/**
 * The rows that a statement gives, as the warehouse's user sees them.
 * @throws UsageError with the warehouse's own message where it refuses the statement
 */
export async function query({ aws, platform }: Deployment, sql: string): Promise<Rows> {
  const client = aws.redshiftData;
  const { Workgroup: WorkgroupName, Database, WarehouseSecret: SecretArn } = platform;
  try {
    const { Id } = await client.send(new ExecuteStatementCommand({ WorkgroupName, Database, SecretArn, Sql: sql }));
    const { HasResultSet } = await finished(client, Id);
    return HasResultSet ? await result(client, Id) : { columns: [], rows: [] };
  } catch (error) {
    if (error instanceof RedshiftDataServiceException) throw new UsageError(error.message);
    throw error;
  }
}

async function finished(client: RedshiftDataClient, Id: string | undefined) {
  for (;;) {
    const described = await client.send(new DescribeStatementCommand({ Id }));
    const { Status, Error: error } = described;
    if (Status === 'FINISHED') return described;
    if (Status === 'FAILED' || Status === 'ABORTED') throw new UsageError(error ?? `The statement is ${Status}.`);
    await sleep(POLL_MS);
  }
}

async function result(client: RedshiftDataClient, Id: string | undefined): Promise<Rows> {
  const rows: Value[][] = [];
  let columns: string[] = [];
  for await (const page of paginateGetStatementResult({ client }, { Id })) {
    columns = page.ColumnMetadata?.map(({ label, name }) => label ?? name ?? '') ?? columns;
    rows.push(...(page.Records ?? []).map((record) => record.map(plain)));
  }
  return { columns, rows };
}

const plain = (field: Field): Value =>
  field.isNull ? null : (field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? null);
