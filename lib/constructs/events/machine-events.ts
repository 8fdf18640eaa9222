/** The two rules of a pipeline's state machine: what starts it, and what follows its end. */
import { EventField, Rule, type RuleTargetConfig, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { exactRole } from '../rights/exact-role.ts';

const EVENTS = new ServicePrincipal('events.amazonaws.com');

interface ScheduleProps {
  /** In EventBridge's words: `cron(0 0 * * ? *)`, in UTC. */
  readonly expression: string;
  readonly machine: IStateMachine;
  readonly deadLetterQueue: Queue;
}

/** Starts the machine at every tick with `{"tick": "<the tick's instant>"}`. */
export function scheduleRule(scope: Construct, id: string, { expression, machine, deadLetterQueue }: ScheduleProps) {
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

interface EndProps {
  readonly machine: IStateMachine;
  /** Gets the event of each execution that ended, whichever way. */
  readonly handler: IFunction;
  readonly deadLetterQueue: Queue;
}

export function endRule(scope: Construct, id: string, { machine, handler, deadLetterQueue }: EndProps) {
  const rule = new Rule(scope, id, {
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: {
        stateMachineArn: [machine.stateMachineArn],
        status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
      },
    },
  });
  addTarget(rule, deadLetterQueue, { arn: handler.functionArn });
  new CfnPermission(rule, 'Permission', {
    action: 'lambda:InvokeFunction',
    functionName: handler.functionArn,
    principal: EVENTS.service,
    sourceArn: rule.ruleArn,
  });
}

function addTarget(rule: Rule, queue: Queue, target: RuleTargetConfig): void {
  rule.addTarget({ bind: () => ({ ...target, deadLetterConfig: { arn: queue.queueArn } }) });
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [EVENTS],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
    }),
  );
}
