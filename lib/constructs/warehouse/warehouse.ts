/** Redshift Serverless in a VPC of its own: no way in, and out only to S3. */
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnNamespace, CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Aws, Fn } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { generatedSecret } from '../secrets.ts';
import { auditLogs } from './audit-logs.ts';
import { IsolatedNetwork } from './isolated-network.ts';
import { UsageLimit } from './usage-limit.ts';

/** A workgroup and what one needs to work on it as its administrator. */
export interface Warehouse {
  /** Name or ARN, as the Data API takes it for WorkgroupName. */
  readonly workgroup: string;
  readonly workgroupArn: string;
  readonly database: string;
  readonly adminSecret: ISecret;
}

/** In Redshift processing units. The base is the smallest that there is; the maximum bounds what an hour may cost. */
const BASE_CAPACITY = 4;
const MAX_CAPACITY = 16;
/** A day's most: four hours at the base capacity, $6. */
const DAILY_RPU_HOURS = 16;
const PORT = 5439;
const ADMIN = 'sluice_admin';
const FINAL_SNAPSHOT_DAYS = 30;

export interface ServerlessWarehouseProps {
  /** Of namespace and workgroup: lower-case letters, digits and hyphens. */
  readonly name: string;
  readonly database: string;
  /** See IsolatedNetwork. */
  readonly zones: readonly string[] | undefined;
  /** What COPY reads the lake with. */
  readonly copyRole: IRole;
  /** The directory with the code that sets the daily limit. */
  readonly limitCode: string;
}

export class ServerlessWarehouse extends Construct implements Warehouse {
  readonly workgroup: string;
  readonly workgroupArn: string;
  readonly database: string;
  readonly adminSecret: ISecret;

  constructor(scope: Construct, id: string, { name, database, zones, copyRole, limitCode }: ServerlessWarehouseProps) {
    super(scope, id);
    // Not ManageAdminPassword: CloudFormation does not give the ARN of the secret that it makes.
    this.adminSecret = generatedSecret(this, 'Admin', {
      username: ADMIN,
      description: 'The administrator of the warehouse',
    });
    const logs = auditLogs(this, name);
    const namespace = new CfnNamespace(this, 'Namespace', {
      namespaceName: name,
      dbName: database,
      adminUsername: ADMIN,
      adminUserPassword: this.adminSecret.secretValueFromJson('password').unsafeUnwrap(),
      iamRoles: [copyRole.roleArn],
      defaultIamRoleArn: copyRole.roleArn,
      logExports: [...logs.keys()],
      finalSnapshotName: `${name}-final-${stackSuffix()}`,
      finalSnapshotRetentionPeriod: FINAL_SNAPSHOT_DAYS,
    });
    // Otherwise Redshift makes them itself, without an end of their retention.
    for (const group of logs.values()) namespace.node.addDependency(group);
    const { subnetIds, securityGroupId } = new IsolatedNetwork(this, 'Network', { zones, user: 'The warehouse' });
    const workgroup = new CfnWorkgroup(this, 'Workgroup', {
      workgroupName: name,
      namespaceName: namespace.ref,
      baseCapacity: BASE_CAPACITY,
      maxCapacity: MAX_CAPACITY,
      publiclyAccessible: false,
      enhancedVpcRouting: true,
      port: PORT,
      configParameters: [{ parameterKey: 'require_ssl', parameterValue: 'true' }],
      subnetIds: [...subnetIds],
      securityGroupIds: [securityGroupId],
    });
    this.workgroup = workgroup.ref;
    this.workgroupArn = workgroup.attrWorkgroupWorkgroupArn;
    this.database = database;
    new UsageLimit(this, 'Limit', {
      workgroupArn: this.workgroupArn,
      dailyRpuHours: DAILY_RPU_HOURS,
      code: limitCode,
    });
  }
}

/** The end of the stack's id, which no other stack has had: a snapshot that is kept must not stand in a new one's way. */
const stackSuffix = (): string => Fn.select(4, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
