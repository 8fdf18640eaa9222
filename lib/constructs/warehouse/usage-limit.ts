import { CustomResource, Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { NodeFunction } from '../functions/node-function.ts';

const TIMEOUT = Duration.minutes(5);

export interface UsageLimitProps {
  readonly workgroupArn: string;
  /** What it may compute in a day, in RPU-hours; then statements are refused until the day is over (UTC). */
  readonly dailyRpuHours: number;
  /** The directory with the code that sets it. */
  readonly code: string;
}

/** The most that a workgroup computes, and so costs, in a day. */
export class UsageLimit extends Construct {
  constructor(scope: Construct, id: string, { workgroupArn, dailyRpuHours, code }: UsageLimitProps) {
    super(scope, id);
    const setter = new NodeFunction(this, 'Setter', {
      name: 'usage-limit',
      description: 'Sets how much the warehouse may compute in a day',
      code,
      environment: {},
      memorySize: 256,
      timeout: TIMEOUT,
      rights: [
        {
          actions: ['ListUsageLimits', 'CreateUsageLimit', 'UpdateUsageLimit'].map(
            (name) => `redshift-serverless:${name}`,
          ),
          resources: ['*'],
          wildcards: 'These calls have no resource type and no condition: they reach the limits of every workgroup.',
        },
      ],
    });
    new CustomResource(this, 'Limit', {
      resourceType: 'Custom::UsageLimit',
      serviceToken: setter.function.functionArn,
      serviceTimeout: TIMEOUT,
      properties: { WorkgroupArn: workgroupArn, DailyRpuHours: dailyRpuHours },
    });
  }
}
