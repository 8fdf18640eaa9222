import * as z from 'zod';
import { fileFormat } from '#lambdas/sources/files/objects.ts';
import { extracted } from '#lib/contract/extracted.ts';
import { connection, dataset, projectFile, taskType } from '#sluice';

/**
 * Runs a script with bash, in a directory of its own that is empty and gone afterwards. Exit status 0 succeeds, 99
 * skips the task, any other fails it as what may pass by itself.
 *
 * The script's environment is `env`, the run (`SLUICE_DAG_ID`, `SLUICE_TASK_ID`, `SLUICE_ATTEMPT`, `SLUICE_RUN_ID`,
 * `SLUICE_LOGICAL_DATE`, `SLUICE_DATA_INTERVAL_START`, `SLUICE_DATA_INTERVAL_END`), PATH, `HOME=/tmp`, `TZ=UTC`, and
 * what AWS clients need to act in the task's role.
 *
 * With `to`, the files that the script writes below `$SLUICE_OUT`, an empty directory, become the raw of that dataset, and
 * `output.extracted` is what a load takes. A run that goes from raw does not run the script.
 *
 * @example
 * bash({ file: 'lib/pipelines/report/render.sh', env: { DAY: dag.run.logicalDate } });
 */
export const bash = taskType('bash', {
  input: z.object({
    /** From the project's root: `lib/pipelines/<name>/<script>.sh`. */
    file: projectFile('.sh'),
    env: z.record(z.string().regex(/^[A-Za-z_]\w*$/, 'no name of a variable'), z.string()).optional(),
    /** Whose baseUrl the script gets as `SLUICE_BASE_URL`; its headers it does not get. */
    connection: connection('http').optional(),
    /** `raw/<name>`, with the table whose declaration the rows must meet. */
    to: dataset('write').optional(),
    /** Of the files below `$SLUICE_OUT`. Default `ndjson`. */
    format: fileFormat.optional(),
  }),
  output: z.object({
    /** Of stdout, without the spaces at its end; at most 8 KiB. Empty where there is none. */
    lastLine: z.string(),
    /** Of a task with `to`. */
    extracted: extracted.optional(),
  }),
});
