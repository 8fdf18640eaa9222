import * as z from 'zod';
import { otherPipeline, taskType } from '#sluice';

/**
 * Waits until another pipeline's run of a logical date has succeeded (Airflow: ExternalTaskSensor). Where that run
 * failed, the task fails at once.
 *
 * @example
 * dag.task('issues-are-in', pipelineRunSensor({ pipeline: pipeline('github-to-redshift') }));
 */
export const pipelineRunSensor = taskType('pipeline-run-sensor', {
  kind: 'sensor',
  input: z.object({
    pipeline: otherPipeline('read'),
    /** An instant, or a date in UTC. Without it, the logical date of the run that waits. */
    logicalDate: z.union([z.iso.date(), z.iso.datetime({ offset: true })]).optional(),
  }),
  output: z.object({
    runId: z.string(),
    logicalDate: z.string(),
    /** The ARN of the execution that carried it out. */
    execution: z.string(),
  }),
});
