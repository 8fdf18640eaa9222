import type { Version } from 'aws-cdk-lib/aws-lambda';
import { DefinitionBody, type IStateMachine, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { ArnFormat, Aws, Stack, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Right } from '#lib/contract/rights.ts';
import { ledgerOf } from '#lib/runs/keys.ts';
import type { Platform } from './platform.ts';
import { exactRole } from './rights/exact-role.ts';
import { ACTIONS, objectRights } from './rights/lake-rights.ts';
import { statesArn } from './rights/states-arn.ts';

export interface PipelineMachineProps {
  readonly name: string;
  /** Amazon States Language as an object; ARNs in it may be tokens. */
  readonly definition: object;
  readonly rights: readonly Right[];
}

/** A pipeline's state machine, with the rights that its role needs and no others. */
export function pipelineMachine(scope: Construct, id: string, props: PipelineMachineProps): IStateMachine {
  const role = exactRole(scope, `${id}Role`, { services: ['states'], rights: props.rights });
  const machine = new StateMachine(scope, id, {
    stateMachineName: props.name,
    stateMachineType: StateMachineType.STANDARD,
    definitionBody: DefinitionBody.fromString(Stack.of(scope).toJsonString(inPartition(props.definition))),
    role: role.withoutPolicyUpdates(),
  });
  Validations.of(machine).acknowledge(
    {
      id: 'AwsSolutions-SF1',
      reason:
        'Step Functions keeps the history of each execution, inputs and outputs included, for 90 days, and the console shows it from there.',
    },
    {
      id: 'AwsSolutions-SF2',
      reason: 'A trace would say what the history says: each state with its times. Tasks log run, task and attempt.',
    },
  );
  return machine;
}

/** The integrations of Step Functions, which a definition names by ARNs, are of the partition too. */
const inPartition = (definition: object): object =>
  JSON.parse(JSON.stringify(definition), (_, value: unknown) =>
    typeof value === 'string' ? value.replace(/^arn:aws:states:::/, `arn:${Aws.PARTITION}:states:::`) : value,
  );

/** The ARN of a state machine of this account and region. */
export const machineNamed = (stack: Stack, name: string): string =>
  stack.formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: name,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/**
 * To invoke a task's function. Not only its newest version: a run that is under way when the stack is deployed goes on
 * with the version that it began with.
 */
export const invokeRights = (versions: readonly Version[]): Right => ({
  actions: ['lambda:InvokeFunction'],
  resources: versions.map(({ lambda }) => `${lambda.functionArn}:*`),
  wildcards: 'A run that is under way while the stack is deployed goes on with the version that it began with.',
});

/**
 * For distributed Maps: their items are executions that the machine starts of itself, and their lists lie in the ledger.
 * The machine is named by its name: a role that referred to it would wait for it, and it waits for the role.
 */
export const mapRunRights = (machine: string, dagId: string, { bucket }: Platform): Right[] => [
  { actions: ['states:StartExecution'], resources: [statesArn('stateMachine', machine)] },
  {
    actions: ['states:DescribeExecution', 'states:StopExecution'],
    resources: [statesArn('execution', `${machine}:*`)],
    wildcards: 'Every execution of the state machine: their names are drawn when they start.',
  },
  ...objectRights(bucket, {
    actions: ACTIONS.read,
    prefixes: [ledgerOf(dagId)],
    reason:
      "The results of the pipeline's tasks, one object for each run and task: a distributed Map reads its list there.",
  }),
];
