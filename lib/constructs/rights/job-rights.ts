/**
 * What a pipeline's state machine may do for its jobs, by the service integration. The statements are those that AWS
 * lists for each: https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html.
 */
import { ArnFormat, type Stack } from 'aws-cdk-lib/core';
import type { OtherPipeline } from '#lib/contract/task-type.ts';
import type { Graph, GraphTask } from '#lib/dag/index.ts';
import { AppError } from '../errors.ts';
import type { Right } from './exact-role.ts';

interface Asked {
  readonly stack: Stack;
  readonly machineArn: (pipeline: string) => string;
}
type RightsOf = (task: GraphTask, asked: Asked) => Right[];

const RIGHTS: Readonly<Record<string, RightsOf>> = {
  'glue:startJobRun.sync': ({ input }, { stack }) => [
    {
      actions: ['glue:StartJobRun', 'glue:GetJobRun', 'glue:GetJobRuns', 'glue:BatchStopJobRun'],
      resources: [
        stack.formatArn({ service: 'glue', resource: 'job', resourceName: (input as { JobName: string }).JobName }),
      ],
    },
  ],
  'emr-serverless:startJobRun.sync': ({ input }, { stack }) => {
    const { ApplicationId, ExecutionRoleArn } = input as { ApplicationId: string; ExecutionRoleArn: string };
    const application = stack.formatArn({
      service: 'emr-serverless',
      resource: '/applications',
      resourceName: ApplicationId,
    });
    return [
      { actions: ['emr-serverless:StartJobRun'], resources: [application] },
      {
        actions: ['emr-serverless:GetJobRun', 'emr-serverless:CancelJobRun'],
        resources: [`${application}/jobruns/*`],
        wildcards: 'The id of a job run is not known before it is started.',
      },
      passed([ExecutionRoleArn], 'emr-serverless.amazonaws.com'),
      ruleOf(stack, 'StepFunctionsGetEventsForEMRServerlessJobRule'),
    ];
  },
  'ecs:runTask.sync': ({ input }, { stack }) => {
    const { Cluster, TaskDefinition, Roles } = input as { Cluster: string; TaskDefinition: string; Roles: string[] };
    return [
      {
        actions: ['ecs:RunTask'],
        resources: [/:\d+$/.test(TaskDefinition) ? TaskDefinition : `${TaskDefinition}:*`],
        wildcards: 'Without a revision, the newest one of the task definition is run.',
      },
      {
        actions: ['ecs:StopTask', 'ecs:DescribeTasks'],
        resources: ['*'],
        conditions: { ArnEquals: { 'ecs:cluster': Cluster } },
        wildcards: 'The id of a task is not known before it is started. The condition admits those of its cluster.',
      },
      passed(Roles, 'ecs-tasks.amazonaws.com'),
      ruleOf(stack, 'StepFunctionsGetEventsForECSTaskRule'),
    ];
  },
  'states:startExecution.sync:2': ({ input }, { stack, machineArn }) => {
    const machine = machineArn((input as { pipeline: OtherPipeline }).pipeline.pipeline);
    return [
      { actions: ['states:StartExecution'], resources: [machine] },
      {
        actions: ['states:DescribeExecution', 'states:StopExecution'],
        resources: [machine.replace(':stateMachine:', ':execution:').concat(':*')],
        wildcards: 'The name of an execution is not known before it is started.',
      },
      ruleOf(stack, 'StepFunctionsGetEventsForStepFunctionsExecutionRule'),
    ];
  },
};

/**
 * The rights of a DAG's jobs.
 * @throws AppError for a job type whose integration has no rights here
 */
export function jobRights(stack: Stack, { tasks }: Graph, machineArn: Asked['machineArn']): Right[] {
  const rights = tasks.flatMap((task) => {
    if (!task.job) return [];
    const of = RIGHTS[task.job.resource];
    if (of) return of(task, { stack, machineArn });
    throw new AppError(
      `${task.id}: nothing is known of the rights for ${task.job.resource}. Add them to lib/constructs/rights/job-rights.ts.`,
    );
  });
  return [...new Map(rights.map((right) => [JSON.stringify(stack.resolve(right)), right])).values()];
}

/** To hand roles to the service that works under them. */
const passed = (roles: readonly string[], service: string): Right => ({
  actions: ['iam:PassRole'],
  resources: roles,
  conditions: { StringEquals: { 'iam:PassedToService': service } },
});

/** The rule by which Step Functions learns of a job's end, which it makes by itself. */
const ruleOf = (stack: Stack, name: string): Right => ({
  actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
  resources: [
    stack.formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: name,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    }),
  ],
});
