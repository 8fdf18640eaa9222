/** A run as it is named at the keyboard: by its logical date, its run id, or `latest`. */
import { type RunRecord, readRecord, runIdsOf } from '#lib/runs/run-record.ts';
import { logicalDateOf } from '#lib/time/run-id.ts';
import { DateError, runOfDate } from '#lib/time/schedule.ts';
import { UsageError } from '../errors.ts';
import { type DeployedPipeline, type Deployment, pipelineOf } from './deployment.ts';

/** How a run is named, for the help of commands. */
export const RUN_NAMES = 'a logical date (2026-11-19), a run id or latest';

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
  const runId = name === 'latest' ? (await runIdsOf(deployment.store, dagId)).at(-1) : runIdNamed(found, name);
  if (runId === undefined) throw new UsageError(`${dagId} has not run yet. \`sluice run ${dagId}\` begins a run.`);
  const run = await readRecord(deployment.store, { dagId, runId });
  if (run) return run.record;
  throw new UsageError(`${dagId} has no run of ${logicalDateOf(runId)}.`);
}

/**
 * The id of the run that a text names, whether or not there is such a run.
 * @throws UsageError
 */
export function runIdNamed({ timeZone }: Pick<DeployedPipeline, 'timeZone'>, name: string): string {
  const date = /^\d{8}T\d{6}Z$/.test(name) ? logicalDateOf(name) : name;
  try {
    return runOfDate({ schedule: null, timeZone }, date).runId;
  } catch (error) {
    if (!(error instanceof DateError)) throw error;
    throw new UsageError(`'${name}' names no run: give ${RUN_NAMES}.`);
  }
}
