import * as z from 'zod';
import { jobType } from '#lib/contract/task-type.ts';

/**
 * Starts a job on an EMR Serverless application and waits for its end.
 *
 * @example
 * const driver = { SparkSubmit: { EntryPoint: 's3://code/sessions.py', EntryPointArguments: [dag.run.logicalDate] } };
 * dag.task('sessions', emrServerlessJob({ ApplicationId: '00f1', ExecutionRoleArn: role, JobDriver: driver }));
 */
export const emrServerlessJob = jobType('emr-serverless-job', {
  resource: 'emr-serverless:startJobRun.sync',
  literals: ['ApplicationId', 'ExecutionRoleArn'],
  /** As of StartJobRun. */
  input: z.object({
    ApplicationId: z.string(),
    ExecutionRoleArn: z.string(),
    JobDriver: z.union([
      z.object({
        SparkSubmit: z.object({
          EntryPoint: z.string(),
          EntryPointArguments: z.array(z.string()).optional(),
          SparkSubmitParameters: z.string().optional(),
        }),
      }),
      z.object({
        Hive: z.object({
          Query: z.string(),
          InitQueryFile: z.string().optional(),
          Parameters: z.string().optional(),
        }),
      }),
    ]),
    Name: z.string().optional(),
  }),
  output: z.object({ JobRunId: z.string() }),
});
