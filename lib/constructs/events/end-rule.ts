/** The rule behind the end of a pipeline's executions. */
import { Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { addTarget } from './rule-target.ts';

const EVENTS = new ServicePrincipal('events.amazonaws.com');

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
