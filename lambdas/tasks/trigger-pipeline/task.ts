import * as z from 'zod';
import {
  eventRuleRight,
  executionsOf,
  type Facts,
  isLater,
  jobType,
  machineOf,
  type OtherPipeline,
  otherPipeline,
} from '#sluice';

/**
 * Runs another pipeline of the app and waits for its end: the task fails where that run does. All of the run's tasks are
 * carried out, also where it ran before; where another execution carries it out, that one is waited for first.
 *
 * @example
 * dag.task('stars', triggerPipeline({ pipeline: pipeline('stars'), logicalDate: dag.run.logicalDate }));
 */
export const triggerPipeline = jobType('trigger-pipeline', {
  resource: 'states:startExecution.sync:2',
  arguments: ({ pipeline, logicalDate, params }) => ({
    StateMachineArn: machineOf(pipeline as OtherPipeline),
    Input: { clear: 'all', wait: true, logicalDate, params },
  }),
  input: z.object({
    pipeline: otherPipeline('use'),
    /** The run's. Without it, that of the last complete interval. */
    logicalDate: z.string().optional(),
    /** The other pipeline's; those left out have their defaults. */
    params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  }),
  output: z.object({ ExecutionArn: z.string() }),
  check: ({ pipeline: { pipeline: other }, params = {} }, facts) => [
    ...circlesFrom(other, facts),
    ...(isLater(params) ? [] : wrongParams(other, params, facts)),
  ],
  literals: ['pipeline'],
  /** https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html */
  rights: ({ pipeline }) => [
    { actions: ['states:StartExecution'], resources: [machineOf(pipeline)] },
    {
      actions: ['states:DescribeExecution', 'states:StopExecution'],
      resources: [executionsOf(pipeline)],
      wildcards: 'The name of an execution is not known before it is started.',
    },
    eventRuleRight('StepFunctionsGetEventsForStepFunctionsExecutionRule'),
  ],
});

/** They would wait for each other, or for themselves, until their time is up. */
function circlesFrom(other: string, { pipeline: { id }, pipelines }: Facts): string[] {
  const startsOf = new Map(pipelines.map(({ id, starts }) => [id, starts]));
  const ways = [[id, other]];
  const seen = new Set<string>();
  for (const way of ways) {
    const last = way.at(-1) ?? '';
    if (last === id)
      return [`pipelines trigger each other and would wait for good: ${way.join(' → ')}. Take one of these away`];
    if (seen.has(last)) continue;
    seen.add(last);
    ways.push(...(startsOf.get(last) ?? []).map((next) => [...way, next]));
  }
  return [];
}

/** As far as the DAG writes the params out. */
function wrongParams(other: string, params: Readonly<Record<string, unknown>>, { pipelines }: Facts): string[] {
  const shape = pipelines.find(({ id }) => id === other)?.params.shape ?? {};
  const known = Object.keys(shape).join(', ') || 'none';
  return Object.entries(params).flatMap(([name, value]) => {
    const param = shape[name];
    if (!param) return [`${other}: no param '${name}' (params: ${known})`];
    if (isLater(value)) return [];
    const issues = z.safeParse(param, value).error?.issues ?? [];
    return issues.map(({ message }) => `${other}: param '${name}': ${message}`);
  });
}
