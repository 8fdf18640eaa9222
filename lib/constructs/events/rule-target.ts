import type { Rule, RuleTargetConfig } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

/** Adds a target to a rule; what cannot be delivered goes to the queue. */
export function addTarget(rule: Rule, queue: Queue, target: RuleTargetConfig): void {
  rule.addTarget({ bind: () => ({ ...target, deadLetterConfig: { arn: queue.queueArn } }) });
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
    }),
  );
}
