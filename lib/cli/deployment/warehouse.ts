/** Questions to the warehouse, through the client that tasks use. */
import { RedshiftDataServiceException } from '@aws-sdk/client-redshift-data';
import { type DataApi, execute } from '#lambdas/warehouse/engines/redshift/client.ts';
import { type Rows, StatementFailed } from '#lambdas/warehouse/session.ts';
import { type Effect, effectOf } from '#lib/sql/effect.ts';
import { statements } from '#lib/sql/statements.ts';
import { UsageError } from '../errors.ts';
import type { Deployment } from './deployment.ts';

/**
 * The one statement of a text, which only asks unless `mayChange`.
 * @throws UsageError where it is none, or may not be run
 */
export function statementOf(sql: string, { mayChange = false } = {}): Effect & { readonly statement: string } {
  const [statement, ...more] = parse(sql);
  if (statement === undefined || more.length > 0) {
    throw new UsageError(`Give one statement; the text has ${statement === undefined ? 'none' : more.length + 1}.`);
  }
  const effect = effectOf(statement);
  if (effect.isChange && !mayChange) {
    throw new UsageError(`${effect.verb} may change what the warehouse holds, and was not run. With --write it is.`);
  }
  return { statement, ...effect };
}

function parse(sql: string): string[] {
  try {
    return statements(sql);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`The statement is not whole: ${error.message}`);
    throw error;
  }
}

/** The warehouse as its user. */
export const dataApiOf = ({
  aws,
  platform: { Workgroup: WorkgroupName, Database, WarehouseSecret: SecretArn },
}: Pick<Deployment, 'aws' | 'platform'>): DataApi => ({
  client: aws.redshiftData,
  target: { WorkgroupName, Database, SecretArn },
  remaining: () => Number.POSITIVE_INFINITY,
});

/**
 * The rows that a statement gives, as the warehouse's user sees them.
 * @throws UsageError with the warehouse's own message where it refuses the statement
 */
export async function query({ aws, platform }: Deployment, sql: string): Promise<Rows> {
  try {
    return await execute(dataApiOf({ aws, platform }), { doing: 'Asking the warehouse', sql });
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof StatementFailed) throw new UsageError(cause.reason);
    if (cause instanceof RedshiftDataServiceException) throw new UsageError(cause.message);
    throw error;
  }
}
