/** The custom resource that makes the warehouse's user and schemas. Deleting it leaves them, and the data. */
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import * as z from 'zod';
import { secretConnections } from '#lambdas/runtime/connections.ts';
import { customResource } from '#lambdas/runtime/custom-resource.ts';
import { dataApi } from '#lambdas/warehouse/engines/redshift/client.ts';
import { makeUser } from './user.ts';

const properties = z.object({
  /** Of the warehouse's administrator. */
  AdminSecretArn: z.string(),
  /** Of the user to make: `{"username", "password"}`. */
  UserSecretArn: z.string(),
  Workgroup: z.string(),
  Database: z.string(),
  Schemas: z.array(z.string()),
});
const userSecret = z.object({ username: z.string(), password: z.string() });

export const handler = customResource(properties, async (wanted, invocation) => {
  const connection = { connection: 'warehouse', type: 'redshift' };
  const secrets = secretConnections({ secrets: { warehouse: wanted.UserSecretArn } });
  const { username, password } = await secrets.refetch(connection, userSecret);
  const client = new RedshiftDataClient();
  const as = (SecretArn: string) =>
    dataApi({
      client,
      target: { WorkgroupName: wanted.Workgroup, Database: wanted.Database, SecretArn },
      remaining: () => invocation.getRemainingTimeInMillis(),
    });
  const sessions = { admin: as(wanted.AdminSecretArn), user: as(wanted.UserSecretArn) };
  await makeUser(sessions, { username, password, database: wanted.Database, schemas: wanted.Schemas });
});
