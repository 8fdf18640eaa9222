import * as z from 'zod';
import { eventRuleRight, jobType, passRight } from '#sluice';

const environment = z.object({ Name: z.string(), Value: z.string() });

/**
 * Runs an ECS task and waits until it has stopped. A container that exits with another code than 0 fails it.
 *
 * @example
 * ecsTask({
 *   Cluster: 'arn:aws:ecs:eu-west-1:111122223333:cluster/batch',
 *   TaskDefinition: 'arn:aws:ecs:eu-west-1:111122223333:task-definition/resize:7',
 *   Roles: ['arn:aws:iam::111122223333:role/resize'],
 *   LaunchType: 'FARGATE',
 *   NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1'] } },
 *   Overrides: { ContainerOverrides: [{ Name: 'resize', Command: ['--date', dag.run.logicalDate] }] },
 * });
 */
export const ecsTask = jobType('ecs-task', {
  resource: 'ecs:runTask.sync',
  literals: ['Cluster', 'TaskDefinition', 'Roles'],
  /** https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html */
  rights: ({ Cluster, TaskDefinition, Roles }) => [
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
    passRight(Roles, 'ecs-tasks.amazonaws.com'),
    eventRuleRight('StepFunctionsGetEventsForECSTaskRule'),
  ],
  arguments: ({ Roles: _, ...runTask }) => runTask,
  /** As of RunTask, but `Roles`. */
  input: z.object({
    /** Its ARN. */
    Cluster: z.string(),
    /** Its ARN, with or without a revision. */
    TaskDefinition: z.string(),
    /** ARNs of the task definition's task role and execution role, which the state machine passes on. */
    Roles: z.array(z.string()).min(1),
    LaunchType: z.enum(['FARGATE', 'EC2', 'EXTERNAL']).optional(),
    NetworkConfiguration: z
      .object({
        AwsvpcConfiguration: z.object({
          Subnets: z.array(z.string()).min(1),
          SecurityGroups: z.array(z.string()).optional(),
          AssignPublicIp: z.enum(['ENABLED', 'DISABLED']).optional(),
        }),
      })
      .optional(),
    Overrides: z
      .object({
        ContainerOverrides: z.array(
          z.object({
            Name: z.string(),
            Command: z.array(z.string()).optional(),
            Environment: z.array(environment).optional(),
          }),
        ),
      })
      .optional(),
  }),
  output: z.object({ TaskArn: z.string() }),
});
