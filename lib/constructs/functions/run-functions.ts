/** The functions that begin and end the runs of every pipeline. */
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Right } from '#lib/contract/rights.ts';
import { PAUSES_PREFIX, STATE_PREFIXES } from '#lib/runs/keys.ts';
import { deadLetterQueue } from '../events/dead-letter-queue.ts';
import { ACTIONS, absenceRight, objectRights } from '../rights/lake-rights.ts';
import { statesArn } from '../rights/states-arn.ts';
import { NodeFunction } from './node-function.ts';

export interface RunFunctionsProps {
  readonly bucket: IBucket;
  readonly topic: ITopic;
  /** See SLUICE_STACK of lambdas/run/environment.ts. */
  readonly stack: string | undefined;
  /** Names of the pipelines' state machines. */
  readonly machines: readonly string[];
  /** The directories with their code. */
  readonly code: { readonly begin: string; readonly end: string };
}

export class RunFunctions extends Construct {
  readonly begin: LambdaFunction;
  readonly end: LambdaFunction;

  constructor(scope: Construct, id: string, { bucket, topic, stack, machines, code }: RunFunctionsProps) {
    super(scope, id);
    const environment = { SLUICE_BUCKET: bucket.bucketName, POWERTOOLS_SERVICE_NAME: 'sluice' };
    this.begin = new NodeFunction(this, 'Begin', {
      name: 'begin',
      description: 'Makes an execution the one that carries a run out',
      code: code.begin,
      environment,
      timeout: Duration.minutes(1),
      rights: [
        ...stateRights(bucket, [PAUSES_PREFIX]),
        ...pauseRights(bucket),
        ...executionRights(machines, ['states:DescribeExecution']),
      ],
    }).function;
    this.end = new NodeFunction(this, 'End', {
      name: 'end',
      description: 'Closes the run of an execution that ended, and tells people when it failed',
      code: code.end,
      environment: {
        ...environment,
        SLUICE_TOPIC: topic.topicArn,
        ...(stack !== undefined && { SLUICE_STACK: stack }),
      },
      timeout: Duration.minutes(5),
      rights: [
        ...stateRights(bucket),
        ...executionRights(machines, ['states:DescribeExecution', 'states:GetExecutionHistory']),
        ...mapRunRights(machines),
        { actions: ['sns:Publish'], resources: [topic.topicArn] },
      ],
      deadLetterQueue: deadLetterQueue(this, 'EndDeadLetters'),
    }).function;
  }
}

/** @param besides prefixes that are only read, whose absent keys are told as well */
const stateRights = (bucket: IBucket, besides: readonly string[] = []): Right[] => [
  ...objectRights(bucket, {
    actions: ACTIONS.state,
    prefixes: STATE_PREFIXES,
    reason: 'The state of runs: one object for each run, execution and pipeline.',
  }),
  absenceRight(bucket, [...STATE_PREFIXES, ...besides]),
];

const pauseRights = (bucket: IBucket): Right[] =>
  objectRights(bucket, {
    actions: ACTIONS.read,
    prefixes: [PAUSES_PREFIX],
    reason: 'The pauses of pipelines, one object for each.',
  });

const executionRights = (machines: readonly string[], actions: readonly string[]): Right[] =>
  rightsOn(machines, {
    actions,
    arn: (machine) => statesArn('execution', `${machine}:*`),
    wildcards: 'Every execution of the state machine: their names are drawn when they start.',
  });

/** To tell which items of distributed Maps failed, and why. */
const mapRunRights = (machines: readonly string[]): Right[] => [
  ...rightsOn(machines, {
    actions: ['states:DescribeMapRun', 'states:ListExecutions'],
    arn: (machine) => statesArn('mapRun', `${machine}/*`),
    wildcards: 'Every Map Run of the state machine: their names are drawn when they start.',
  }),
  ...rightsOn(machines, {
    actions: ['states:GetExecutionHistory'],
    arn: (machine) => statesArn('execution', `${machine}/*`),
    wildcards: 'Every execution of an item of a distributed Map: their names are drawn when they start.',
  }),
];

interface OfMachines {
  readonly actions: readonly string[];
  readonly arn: (machine: string) => string;
  readonly wildcards: string;
}

const rightsOn = (machines: readonly string[], { actions, arn, wildcards }: OfMachines): Right[] =>
  machines.length === 0 ? [] : [{ actions, resources: machines.map(arn), wildcards }];
