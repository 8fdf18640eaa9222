import * as z from 'zod';
import { jobType, otherPipeline } from '#lib/contract/task-type.ts';

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
    StateMachineArn: pipeline,
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
});
