/** What starts a pipeline's state machine at every tick of its schedule, with `{"tick": "<the tick's instant>"}`. */
import { EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Aws } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { exactRole } from '../rights/exact-role.ts';
import { addTarget } from './rule-target.ts';
import { scheduleExpressions } from './schedule-expression.ts';

interface ScheduleProps {
  /** Five-field cron. */
  readonly cron: string;
  readonly timeZone: string;
  readonly machine: IStateMachine;
  readonly deadLetterQueue: Queue;
}

/**
 * In UTC rules of EventBridge, in any other zone schedules of EventBridge Scheduler. There are two where days of the
 * month and of the week are named: a day that is both ticks twice, and its second execution finds that it is a duplicate.
 *
 * @throws AppError where AWS has no such schedule
 */
export function addSchedules(scope: Construct, props: ScheduleProps): void {
  for (const [n, expression] of scheduleExpressions(props.cron).entries()) {
    const id = n === 0 ? 'Schedule' : `Schedule${n + 1}`;
    if (props.timeZone === 'UTC') addRule(scope, id, { ...props, expression });
    else addZoneSchedule(scope, id, { ...props, expression });
  }
}

interface ExpressionProps extends ScheduleProps {
  /** In AWS's words: `cron(0 0 * * ? *)`. */
  readonly expression: string;
}

function addRule(scope: Construct, id: string, { expression, machine, deadLetterQueue }: ExpressionProps): void {
  const rule = new Rule(scope, id, { schedule: Schedule.expression(expression) });
  const role = exactRole(rule, 'Role', {
    services: ['events'],
    rights: [{ actions: ['states:StartExecution'], resources: [machine.stateMachineArn] }],
  });
  addTarget(rule, deadLetterQueue, {
    arn: machine.stateMachineArn,
    role: role.withoutPolicyUpdates(),
    input: RuleTargetInput.fromObject({ tick: EventField.time }),
  });
}

/** EventBridge Scheduler does all in the role that it is given, dead letters too. */
function addZoneSchedule(scope: Construct, id: string, props: ExpressionProps): void {
  const { expression, timeZone, machine, deadLetterQueue } = props;
  const role = exactRole(scope, `${id}Role`, {
    services: ['scheduler'],
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    rights: [
      { actions: ['states:StartExecution'], resources: [machine.stateMachineArn] },
      { actions: ['sqs:SendMessage'], resources: [deadLetterQueue.queueArn] },
    ],
  });
  new CfnSchedule(scope, id, {
    scheduleExpression: expression,
    scheduleExpressionTimezone: timeZone,
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: machine.stateMachineArn,
      roleArn: role.roleArn,
      input: '{"tick":"<aws.scheduler.scheduled-time>"}',
      deadLetterConfig: { arn: deadLetterQueue.queueArn },
    },
  });
}
