/** EventBridge's rules and EventBridge Scheduler's schedules: which event or time starts what. */
import * as z from 'zod';
import { EmbeddedAwsError } from '../machine/errors.ts';
import { unsupportedMatcher } from './pattern.ts';
import { targetInput } from './target-input.ts';

const deadLetter = z.object({ Arn: z.string() }).optional();
const target = targetInput.extend({ Arn: z.string(), DeadLetterConfig: deadLetter });
export type Target = z.output<typeof target>;

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly enabled: boolean;
  /** Of a rule for events. */
  readonly pattern?: object | undefined;
  /** Of a rule or schedule for times, as it is written: `cron(0 2 * * ? *)`. */
  readonly schedule?: { readonly expression: string; readonly timeZone: string } | undefined;
  readonly targets: readonly Target[];
}

const ruleProperties = z.object({
  State: z.string().default('ENABLED'),
  EventPattern: z.record(z.string(), z.unknown()).optional(),
  ScheduleExpression: z.string().optional(),
  Targets: z.array(target).default([]),
});

const scheduleProperties = z.object({
  State: z.string().default('ENABLED'),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  FlexibleTimeWindow: z.object({ Mode: z.literal('OFF', 'the embedded AWS has no flexible time windows') }),
  Target: target.extend({ RoleArn: z.string() }),
});

type Identity = Pick<Rule, 'name' | 'arn'>;

/** @param properties of an AWS::Events::Rule */
export function ruleOf(identity: Identity, properties: object): Rule {
  const { State, EventPattern, ScheduleExpression, Targets } = ruleProperties.parse(properties);
  const unsupported = EventPattern && unsupportedMatcher(EventPattern);
  if (unsupported !== undefined) {
    throw new EmbeddedAwsError(`The event pattern of the rule ${identity.name} uses the matcher ${unsupported}, which the \
embedded AWS does not support.`);
  }
  return {
    ...identity,
    enabled: State !== 'DISABLED',
    pattern: EventPattern,
    schedule: ScheduleExpression === undefined ? undefined : { expression: ScheduleExpression, timeZone: 'UTC' },
    targets: Targets,
  };
}

/**
 * @param properties of an AWS::Scheduler::Schedule
 * @throws EmbeddedAwsError for what EventBridge Scheduler refuses, or the embedded AWS does not have
 */
export function scheduleOf(identity: Identity, properties: object): Rule {
  const parsed = scheduleProperties.safeParse(properties);
  if (!parsed.success)
    throw new EmbeddedAwsError(`The schedule ${identity.name} cannot be used:\n${z.prettifyError(parsed.error)}`);
  const { State, ScheduleExpression, ScheduleExpressionTimezone, Target } = parsed.data;
  return {
    ...identity,
    enabled: State === 'ENABLED',
    schedule: { expression: ScheduleExpression, timeZone: ScheduleExpressionTimezone },
    targets: [Target],
  };
}
