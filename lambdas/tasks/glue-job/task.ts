import * as z from 'zod';
import { arnOf, jobType } from '#sluice';

/**
 * Starts a run of an AWS Glue job and waits for its end, which stops it where the task's time is up.
 *
 * @example
 * const job = glueJob({ JobName: 'sessionize', Arguments: { '--date': dag.run.logicalDate } });
 * dag.task('sessionize', job, { timeout: '2h', retries: 1 });
 */
export const glueJob = jobType('glue-job', {
  resource: 'glue:startJobRun.sync',
  literals: ['JobName'],
  /** https://docs.aws.amazon.com/step-functions/latest/dg/connect-glue.html */
  rights: ({ JobName }) => [
    {
      actions: ['glue:StartJobRun', 'glue:GetJobRun', 'glue:GetJobRuns', 'glue:BatchStopJobRun'],
      resources: [arnOf('glue', `job/${JobName}`)],
    },
  ],
  /** As of StartJobRun. */
  input: z.object({
    JobName: z.string(),
    Arguments: z.record(z.string(), z.string()).optional(),
    WorkerType: z.string().optional(),
    NumberOfWorkers: z.int().optional(),
  }),
  /** As of GetJobRun: the id of the run. */
  output: z.object({ Id: z.string() }),
});
