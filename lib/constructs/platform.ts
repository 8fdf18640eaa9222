/** What pipelines share: made by the platform stack, seen like this from the pipelines' stacks. */
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { FunctionNetwork } from './function-network.ts';

/** A PostgreSQL server of the deployment's own, which knows functions by their roles. */
export interface AuroraServer {
  readonly host: string;
  readonly dbname: string;
  readonly username: string;
  /** What a role must be let connect to, to log in as the user. */
  readonly userArn: string;
  /** In which functions reach it. */
  readonly network: FunctionNetwork;
}

export interface Platform {
  /** See SLUICE_STACK of lambdas/runtime/environment.ts. */
  readonly stack: string | undefined;
  /** The data lake. */
  readonly bucket: IBucket;
  /** Name or ARN, as the Data API takes it for WorkgroupName. */
  readonly workgroup: string;
  readonly workgroupArn: string;
  readonly database: string;
  /** Of the user that tasks work as in the warehouse. */
  readonly warehouseSecret: ISecret;
  /** What COPY reads the lake with. */
  readonly copyRoleArn: string;
  /** Where alerts and the mails of tasks go. */
  readonly topicArn: string;
  readonly begin: IFunction;
  readonly end: IFunction;
  /** By connection. */
  readonly auroras: ReadonlyMap<string, AuroraServer>;
  /** The secret of a connection other than the warehouse and Aurora. */
  readonly connection: (name: string) => { readonly secretName: string; readonly secretArn: string };
}
