import { readRecord } from '#lib/runs/run-record.ts';
import { runIdOf } from '#lib/time/run-id.ts';
import { refuseNoRun } from '#lib/time/schedule.ts';
import { implement, NotReady, Terminal } from '#sluice/lambda';
import { pipelineRunSensor } from './task.ts';

export const handler = implement(pipelineRunSensor, async ({ pipeline, logicalDate }, context) => {
  const { pipeline: dagId, runs } = pipeline;
  const date = new Date(logicalDate ?? context.run.logicalDate);
  const runId = runIdOf(date);
  const found = await readRecord(context.store, { dagId, runId });
  if (!found) {
    const never = runs && refuseNoRun({ ...runs, dagId }, date);
    if (never !== undefined)
      throw new Terminal(`Waiting for a run of ${dagId}: ${never} Give logicalDate a date that ${dagId} has a run of.`);
    throw new NotReady(`${dagId} has no run ${runId} yet.`);
  }
  const { record } = found;
  if (record.state === 'failed') {
    throw new Terminal(
      `The run ${dagId} ${record.logicalDate} failed (${record.execution}). Run it again, and this run after it.`,
    );
  }
  if (record.state !== 'success') throw new NotReady(`The run ${dagId} ${record.logicalDate} is ${record.state}.`);
  return { runId, logicalDate: record.logicalDate, execution: record.execution };
});
