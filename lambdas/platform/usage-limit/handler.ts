/** The custom resource that bounds what a workgroup computes in a day, since CloudFormation has no type for it. */
import {
  CreateUsageLimitCommand,
  ListUsageLimitsCommand,
  RedshiftServerlessClient,
  UpdateUsageLimitCommand,
} from '@aws-sdk/client-redshift-serverless';
import * as z from 'zod';
import { customResource } from '#lambdas/runtime/custom-resource.ts';

const properties = z.object({
  WorkgroupArn: z.string(),
  /** In RPU-hours. CloudFormation sends numbers as text. */
  DailyRpuHours: z.coerce.number().int().min(1),
});

export const handler = customResource(properties, async ({ WorkgroupArn: resourceArn, DailyRpuHours: amount }) => {
  const client = new RedshiftServerlessClient();
  const of = { resourceArn, usageType: 'serverless-compute' } as const;
  const { usageLimits = [] } = await client.send(new ListUsageLimitsCommand(of));
  const daily = usageLimits.find(({ period }) => period === 'daily');
  const limit = { amount, breachAction: 'deactivate' } as const;
  if (daily) await client.send(new UpdateUsageLimitCommand({ usageLimitId: daily.usageLimitId, ...limit }));
  else await client.send(new CreateUsageLimitCommand({ ...of, ...limit, period: 'daily' }));
});
