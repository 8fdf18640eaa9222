/** What a script is told: its run, and of the function's environment what lets it act in the task's role. */
import * as z from 'zod';
import type { TaskEvent } from '#lib/contract/envelope.ts';

/** Of the function's environment. */
export const inherited = z.object({
  PATH: z.string(),
  AWS_REGION: z.string().optional(),
  AWS_DEFAULT_REGION: z.string().optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  AWS_ENDPOINT_URL: z.string().optional(),
});
export type Inherited = z.output<typeof inherited>;

/** The one place that Lambda may write to. */
export const TMP = '/tmp';

/** Of one task, over what all scripts get. */
interface OfTask {
  /** What its author gives, which comes last. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Where the script's files are looked for. */
  readonly out?: string | undefined;
  readonly baseUrl?: string | undefined;
}

/** The whole environment of a script. */
export function scriptEnvironment(
  { run, task }: Pick<TaskEvent, 'run' | 'task'>,
  ours: Inherited,
  { env, out, baseUrl }: OfTask,
): Record<string, string> {
  const variables = Object.entries(ours).filter((variable): variable is [string, string] => variable[1] !== undefined);
  return {
    ...Object.fromEntries(variables),
    HOME: TMP,
    TZ: 'UTC',
    SLUICE_DAG_ID: run.dagId,
    SLUICE_TASK_ID: task.id,
    SLUICE_ATTEMPT: String(task.attempt),
    SLUICE_RUN_ID: run.runId,
    SLUICE_LOGICAL_DATE: run.logicalDate,
    SLUICE_DATA_INTERVAL_START: run.dataInterval.start,
    SLUICE_DATA_INTERVAL_END: run.dataInterval.end,
    ...(out !== undefined && { SLUICE_OUT: out }),
    ...(baseUrl !== undefined && { SLUICE_BASE_URL: baseUrl }),
    ...env,
  };
}
