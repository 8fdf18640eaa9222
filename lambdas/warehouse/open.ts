import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import type { Connection } from '#lib/contract/fields.ts';
import { required } from '../runtime/environment.ts';
import type { TaskContext } from '../runtime/implement.ts';
import { redshift, type Warehouse } from './engines/redshift/client.ts';

let client: RedshiftDataClient | undefined;

/** The warehouse of a redshift connection, as its user: the Data API reads the secret itself. */
export function openWarehouse(
  { environment, connections, remaining }: Pick<TaskContext, 'environment' | 'connections' | 'remaining'>,
  connection: Connection,
): Warehouse {
  client ??= new RedshiftDataClient();
  const target = {
    WorkgroupName: required(environment, 'SLUICE_WORKGROUP'),
    Database: required(environment, 'SLUICE_DATABASE'),
    SecretArn: connections.secretId(connection),
  };
  return redshift({ client, target, remaining });
}
