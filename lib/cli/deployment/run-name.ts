/** A run as it is named at the keyboard: by its logical date, its run id, or `latest`. */
import { newestRunId } from '#lib/runs/run-list.ts';
import { type RunRecord, readRecord } from '#lib/runs/run-record.ts';
import { dateOfWord } from '#lib/time/date-word.ts';
import { logicalDateOf } from '#lib/time/run-id.ts';
import { DateError, runOfDate } from '#lib/time/schedule.ts';
import { UsageError } from '../errors.ts';
import { type DeployedPipeline, type Deployment, pipelineOf } from './deployment.ts';

/** How a run is named, for the help of commands. */
export const RUN_NAMES = 'a logical date (2026-11-19), a run id, yesterday, today or latest';

/**
 * The record of a pipeline's run.
 *
 * @param name as RUN_NAMES says; without it, the run with the newest logical date
 * @throws UsageError where there is no such pipeline or run; Damaged
 */
export async function findRun(
  deployment: Pick<Deployment, 'name' | 'pipelines' | 'store'>,
  pipeline: string,
  name = 'latest',
): Promise<RunRecord> {
  const found = pipelineOf(deployment, pipeline);
  const { dagId } = found;
  const isLatest = name === 'latest';
  const runId = isLatest ? await newestRunId(deployment.store, found, new Date()) : runIdNamed(found, name);
  if (runId === undefined) throw new UsageError(`${dagId} has not run yet. \`sluice trigger ${dagId}\` begins a run.`);
  const run = await readRecord(deployment.store, { dagId, runId });
  if (run) return run.record;
  throw new UsageError(
    `${dagId} has no run of ${logicalDateOf(runId)}. \`sluice runs ${dagId}\` lists those that it has.`,
  );
}

/**
 * The id of the run that a text names, whether or not there is such a run.
 * @throws UsageError
 */
function runIdNamed({ timeZone }: Pick<DeployedPipeline, 'timeZone'>, name: string): string {
  const date = /^\d{8}T\d{6}Z$/.test(name) ? logicalDateOf(name) : dateOfWord(name, timeZone, new Date());
  try {
    // A run that there is was a date of the schedule of its day.
    return runOfDate({ schedule: null, timeZone }, date).runId;
  } catch (error) {
    if (!(error instanceof DateError)) throw error;
    throw new UsageError(`'${name}' names no run: give ${RUN_NAMES}.`);
  }
}

/**
 * The ids between which the runs of a range lie, both included: of a day that ends it, all of its runs.
 * @throws UsageError
 */
export const runIdsBetween = (
  pipeline: Pick<DeployedPipeline, 'timeZone'>,
  { from = '0001-01-01', to = '9999-12-31' }: { readonly from?: string | undefined; readonly to?: string | undefined },
) => ({
  from: runIdNamed(pipeline, from),
  to: runIdNamed(pipeline, /^\d{4}-\d{2}-\d{2}$/.test(to) ? `${to}T23:59:59` : to),
});
