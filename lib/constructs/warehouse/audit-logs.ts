import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** Who logged in, and which users changed. What each statement was is not logged: it would hold the data's values. */
const EXPORTS = ['userlog', 'connectionlog'];

/**
 * The log groups that Redshift Serverless writes to, by what it exports there: `/aws/redshift/<namespace>/<export>`.
 * It takes those that it finds.
 */
export const auditLogs = (scope: Construct, namespace: string): ReadonlyMap<string, LogGroup> =>
  new Map(
    EXPORTS.map((name) => {
      const group = new LogGroup(scope, `Logs-${name}`, {
        logGroupName: `/aws/redshift/${namespace}/${name}`,
        retention: RetentionDays.ONE_YEAR,
        removalPolicy: RemovalPolicy.DESTROY,
      });
      return [name, group];
    }),
  );
