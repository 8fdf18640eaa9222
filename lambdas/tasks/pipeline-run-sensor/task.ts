import * as z from 'zod';
import { refuseNoRun, refuseSchedule } from '#lib/time/schedule.ts';
import { isLater, otherPipeline, taskType } from '#sluice';

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
  check: ({ pipeline: { pipeline: name }, logicalDate }, { pipeline: own, pipelines }) => {
    const other = pipelines.find(({ id }) => id === name);
    if (!other) return [];
    const isOwn = logicalDate === undefined || isOwnDate(logicalDate);
    if (!isOwn && isLater(logicalDate)) return [];
    const why = isOwn
      ? refuseSchedule(own, other)
      : refuseNoRun({ ...other, dagId: name }, new Date(logicalDate as string));
    if (why === undefined) return [];
    const which = isOwn ? 'the run of its own logical date' : 'a run';
    return [
      `waits for ${which} of ${name}, which may never be: ${why} Give logicalDate a date that ${name} has a run of`,
    ];
  },
});

/** `dag.run.logicalDate` as a check sees it. */
const isOwnDate = (date: unknown): boolean => JSON.stringify(date) === '{"$ref":["@run","logicalDate"]}';
