/** Questions to the warehouse, through the client that tasks use. */
import { RedshiftDataServiceException } from '@aws-sdk/client-redshift-data';
import { execute, type Rows } from '#lambdas/warehouse/engines/redshift/client.ts';
import { StatementFailed } from '#lambdas/warehouse/session.ts';
import { UsageError } from '../errors.ts';
import type { Deployment } from './deployment.ts';

/**
 * The rows that a statement gives, as the warehouse's user sees them.
 * @throws UsageError with the warehouse's own message where it refuses the statement
 */
export async function query({ aws, platform }: Deployment, sql: string): Promise<Rows> {
  const { Workgroup: WorkgroupName, Database, WarehouseSecret: SecretArn } = platform;
  const api = {
    client: aws.redshiftData,
    target: { WorkgroupName, Database, SecretArn },
    remaining: () => Number.POSITIVE_INFINITY,
  };
  try {
    return await execute(api, { doing: 'Asking the warehouse', sql });
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof StatementFailed) throw new UsageError(cause.reason);
    if (cause instanceof RedshiftDataServiceException) throw new UsageError(cause.message);
    throw error;
  }
}
