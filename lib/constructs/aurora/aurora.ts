/** Aurora Serverless v2 with PostgreSQL: a cluster in an isolated network, which pauses while nobody is connected. */
import { CfnSecurityGroup, CfnSecurityGroupEgress } from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnDBCluster, CfnDBInstance, CfnDBSubnetGroup } from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { AppError } from '../errors.ts';
import { generatedSecret } from '../secrets.ts';
import type { IsolatedNetwork } from '../warehouse/isolated-network.ts';
import { AuroraUser } from './aurora-user.ts';

const ENGINE = 'aurora-postgresql';
/** Supported for three years at least; one that may pause, and has the Data API. */
const ENGINE_VERSION = '17.7';
/** In Aurora capacity units, of 2 GiB each. The maximum bounds what an hour may cost. */
const MAX_CAPACITY = 4;
/** The least that there is. */
const SECONDS_UNTIL_PAUSE = 300;
const BACKUP_DAYS = 7;
const PORT = 5432;
const ADMIN = 'sluice_admin';
/** In each cluster. */
export const AURORA_DATABASE = 'sluice';

/** RDS's rule for the identifier of a cluster. */
const IDENTIFIER = /^(?=.{1,63}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** us-east-1, https://aws.amazon.com/rds/aurora/pricing/. */
export const COST_OF_AURORA =
  `pauses after ${SECONDS_UNTIL_PAUSE / 60} minutes without a connection. Awake it costs $0.06 to ` +
  `$${(0.12 * MAX_CAPACITY).toFixed(2)} an hour (0.5 to ${MAX_CAPACITY} ACU at $0.12); its data costs $0.10 a GB and ` +
  "month and $0.20 a million requests to storage, and its administrator's secret $0.40 a month (us-east-1)";

export interface AuroraProps {
  /** Of the connection. */
  readonly connection: string;
  /** Of the cluster. */
  readonly name: string;
  /** As whom tasks work in it. */
  readonly username: string;
  /** Its security group is that of the functions. */
  readonly network: IsolatedNetwork;
  /** The directory with the code that makes the user. */
  readonly userCode: string;
}

export class Aurora extends Construct {
  readonly host: string;
  /** What IAM names the cluster by, in rights to log in. */
  readonly resourceId: string;

  /** @throws AppError for a connection whose name cannot be that of a cluster */
  constructor(scope: Construct, id: string, { connection, name, username, network, userCode }: AuroraProps) {
    super(scope, id);
    if (!IDENTIFIER.test(name))
      throw new AppError(
        `postgres.${connection}.aurora: the cluster would be named '${name}', and RDS takes at most 63 lower-case ` +
          'letters, digits and single hyphens. Rename the connection.',
      );
    const adminSecret = generatedSecret(this, 'Admin', {
      username: ADMIN,
      description: `The administrator of the database of the connection ${connection}`,
    });
    const cluster = this.#cluster(name, adminSecret, network);
    const writer = new CfnDBInstance(this, 'Writer', {
      dbClusterIdentifier: cluster.ref,
      dbInstanceClass: 'db.serverless',
      engine: ENGINE,
      publiclyAccessible: false,
      // To a version that is not supported as long.
      autoMinorVersionUpgrade: false,
    });
    const user = new AuroraUser(this, 'User', {
      connection,
      username,
      database: AURORA_DATABASE,
      clusterArn: cluster.attrDbClusterArn,
      adminSecret,
      code: userCode,
    });
    user.node.addDependency(writer);
    this.host = cluster.attrEndpointAddress;
    this.resourceId = cluster.attrDbClusterResourceId;
  }

  #cluster(name: string, adminSecret: ISecret, network: IsolatedNetwork): CfnDBCluster {
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/rds/cluster/${name}/postgresql`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const cluster = new CfnDBCluster(this, 'Cluster', {
      dbClusterIdentifier: name,
      engine: ENGINE,
      engineVersion: ENGINE_VERSION,
      databaseName: AURORA_DATABASE,
      masterUsername: ADMIN,
      masterUserPassword: adminSecret.secretValueFromJson('password').unsafeUnwrap(),
      serverlessV2ScalingConfiguration: {
        minCapacity: 0,
        maxCapacity: MAX_CAPACITY,
        secondsUntilAutoPause: SECONDS_UNTIL_PAUSE,
      },
      enableHttpEndpoint: true,
      enableIamDatabaseAuthentication: true,
      storageEncrypted: true,
      backupRetentionPeriod: BACKUP_DAYS,
      copyTagsToSnapshot: true,
      enableCloudwatchLogsExports: ['postgresql'],
      port: PORT,
      ...this.#inside(network),
    });
    // Otherwise RDS makes it itself, without an end of its retention.
    cluster.node.addDependency(logs);
    cluster.applyRemovalPolicy(RemovalPolicy.SNAPSHOT);
    for (const [rule, reason] of Object.entries(ACKNOWLEDGED))
      Validations.of(cluster).acknowledge({ id: `AwsSolutions-${rule}`, reason });
    return cluster;
  }

  /** Only what has the network's security group is let in. */
  #inside({ vpcId, subnetIds, securityGroupId }: IsolatedNetwork) {
    const subnets = new CfnDBSubnetGroup(this, 'Subnets', {
      dbSubnetGroupDescription: 'The isolated subnets of Aurora',
      subnetIds: [...subnetIds],
    });
    const login = { ipProtocol: 'tcp', fromPort: PORT, toPort: PORT };
    const group = new CfnSecurityGroup(this, 'SecurityGroup', {
      vpcId,
      groupDescription: 'Aurora: functions come in, and nothing goes out',
      securityGroupIngress: [
        { ...login, sourceSecurityGroupId: securityGroupId, description: 'The functions that work on it' },
      ],
      // Without a rule, EC2 lets everything out.
      securityGroupEgress: [{ ...NOWHERE, description: 'Nothing' }],
    });
    new CfnSecurityGroupEgress(this, 'FromFunctions', {
      ...login,
      groupId: securityGroupId,
      destinationSecurityGroupId: group.attrGroupId,
      description: 'The functions that work on Aurora',
    });
    return { dbSubnetGroupName: subnets.ref, vpcSecurityGroupIds: [group.attrGroupId] };
  }
}

const NOWHERE = { ipProtocol: 'icmp', fromPort: 252, toPort: 86, cidrIp: '255.255.255.255/32' };

const ACKNOWLEDGED = {
  RDS10: 'Taking the setting away removes the cluster, of which a last snapshot stays.',
  RDS11: 'No port is hidden in a network that nothing but the functions is in.',
};
