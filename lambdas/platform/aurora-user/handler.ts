/**
 * The custom resource that makes the user of an Aurora database. It asks through the Data API, from outside of the
 * network: from inside, neither the administrator's secret is reached nor CloudFormation. Deleting it leaves the user.
 */
import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';
import * as z from 'zod';
import { customResource } from '#lambdas/runtime/custom-resource.ts';
import { Transient } from '#lib/contract/errors.ts';
import { userStatements } from './user.ts';

const properties = z.object({
  ClusterArn: z.string(),
  /** Of the database's administrator. */
  AdminSecretArn: z.string(),
  Database: z.string(),
  /** Of the user to make. */
  Username: z.string(),
});

/** Of a server that wakes, or was made a moment ago. */
const PASSING = [
  'DatabaseResumingException',
  'DatabaseUnavailableException',
  'HttpEndpointNotEnabledException',
  'InvalidResourceStateException',
  'ServiceUnavailableError',
];

export const handler = customResource(properties, async ({ ClusterArn, AdminSecretArn, Database, Username }) => {
  const client = new RDSDataClient();
  const of = { resourceArn: ClusterArn, secretArn: AdminSecretArn, database: Database };
  for (const sql of userStatements({ username: Username, database: Database })) {
    await client.send(new ExecuteStatementCommand({ ...of, sql })).catch((cause: Error) => {
      if (!PASSING.includes(cause.name)) throw cause;
      throw new Transient(`Making the user ${Username} of ${Database}: ${cause.message}`, { cause });
    });
  }
});
