import * as z from 'zod';
import { arnOf, eventRuleRight, jobType, passRight } from '#sluice';

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
  /** https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html */
  rights: ({ ApplicationId, ExecutionRoleArn }) => {
    const application = arnOf('emr-serverless', `/applications/${ApplicationId}`);
    return [
      { actions: ['emr-serverless:StartJobRun'], resources: [application] },
      {
        actions: ['emr-serverless:GetJobRun', 'emr-serverless:CancelJobRun'],
        resources: [`${application}/jobruns/*`],
        wildcards: 'The id of a job run is not known before it is started.',
      },
      passRight([ExecutionRoleArn], 'emr-serverless.amazonaws.com'),
      eventRuleRight('StepFunctionsGetEventsForEMRServerlessJobRule'),
    ];
  },
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
