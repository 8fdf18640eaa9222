import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CustomResource, Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { NodeFunction } from '../functions/node-function.ts';

const TIMEOUT = Duration.minutes(10);

export interface AuroraUserProps {
  readonly connection: string;
  readonly database: string;
  readonly username: string;
  readonly clusterArn: string;
  readonly adminSecret: ISecret;
  /** The directory with the code that makes the user. */
  readonly code: string;
}

/** The one user of a cluster, no administrator, whom functions log in as by their roles. */
export class AuroraUser extends Construct {
  constructor(scope: Construct, id: string, props: AuroraUserProps) {
    super(scope, id);
    const { connection, database, username, clusterArn, adminSecret, code } = props;
    const creator = new NodeFunction(this, 'Creator', {
      name: `aurora-user-${connection}`,
      description: `Creates the user of the database of the connection ${connection}`,
      code,
      environment: {},
      memorySize: 256,
      timeout: TIMEOUT,
      rights: [
        { actions: ['rds-data:ExecuteStatement'], resources: [clusterArn] },
        { actions: ['secretsmanager:GetSecretValue'], resources: [adminSecret.secretArn] },
      ],
    });
    new CustomResource(this, 'User', {
      resourceType: 'Custom::AuroraUser',
      serviceToken: creator.function.functionArn,
      serviceTimeout: TIMEOUT,
      properties: {
        ClusterArn: clusterArn,
        AdminSecretArn: adminSecret.secretArn,
        Database: database,
        Username: username,
      },
    });
  }
}
