/** Rights in AWS as plain data. */
import type { OtherPipeline } from './fields.ts';

/** One statement of a policy. */
export interface Right {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Why its resources hold wildcards: recorded for each of them in the report of the security checks. */
  readonly wildcards?: string;
}

/**
 * The ARN of a resource in the account and region of the deployment, whose names stand in it as CloudFormation writes
 * them.
 *
 * @example arnOf('glue', `job/${JobName}`)
 */
export const arnOf = (service: string, resource: string): string =>
  `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`;

/** The ARN of another pipeline's state machine; in the deployment `inPlace` writes it. */
export const machineOf = ({ pipeline }: OtherPipeline): string => `\${Machine::${pipeline}}`;

/** All executions of another pipeline's state machine. */
export const executionsOf = ({ pipeline }: OtherPipeline): string => `\${Executions::${pipeline}}`;

/** To hand roles to the service that works under them. */
export const passRight = (roles: readonly string[], service: string): Right => ({
  actions: ['iam:PassRole'],
  resources: roles,
  conditions: { StringEquals: { 'iam:PassedToService': service } },
});

/** To the rule by which Step Functions learns of a job's end, which it makes by itself. */
export const eventRuleRight = (name: string): Right => ({
  actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
  resources: [arnOf('events', `rule/${name}`)],
});
