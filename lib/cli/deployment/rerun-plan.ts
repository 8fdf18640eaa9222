/** What a rerun would do, told before it is started: as begin decides it, by the machine that is deployed. */
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { type Clearing, pipelineOptions } from '#lib/contract/begin-event.ts';
import { loadPipeline } from '#lib/pipelines/load.ts';
import { clearedRun } from '#lib/runs/cleared-run.ts';
import { type ClearingPlan, planClearing, problemsOf } from '#lib/runs/clearing.ts';
import { executionsOf } from '#lib/runs/executions.ts';
import { resultsOf } from '#lib/runs/ledger.ts';
import { isClosed, type RunRecord } from '#lib/runs/run-record.ts';
import { UsageError } from '../errors.ts';
import { type Deployment, pipelineOf } from './deployment.ts';

export interface RerunPlan extends ClearingPlan {
  /** As begin is to be told. */
  readonly clear: Clearing;
  /** Tasks whose recorded outputs are none any more, by today's schema: they run again. */
  readonly rejected: readonly string[];
  /** Tasks of the run that the pipeline has no more, and those that it did not have. */
  readonly gone: readonly string[];
  readonly added: readonly string[];
}

/** @throws UsageError where the wish names tasks that are not there, or the run goes on */
export async function planRerun(deployment: Deployment, run: RunRecord, clear: Clearing): Promise<RerunPlan> {
  await refuseRunning(deployment, run);
  const { tasks: taskIds, nodes = [] } = await deployedOptions(deployment, run.dagId);
  const before = await clearedRun(deployment.store, { taskIds, nodes, found: run });
  const problems = problemsOf(clear, before);
  if (problems.length > 0)
    throw new UsageError(`${run.dagId}: ${problems.join('; ')}. Its tasks: ${taskIds.join(', ')}.`);
  const plain = planClearing(clear, before);
  const rejected = (await rejectedOutputs(deployment, run, plain.reused)).filter((id) => !clear.keep?.includes(id));
  const whole = rejected.length === 0 ? clear : { ...clear, tasks: [...(clear.tasks ?? []), ...rejected] };
  return {
    ...(rejected.length === 0 ? plain : planClearing(whole, before)),
    clear: whole,
    rejected,
    gone: run.taskIds.filter((id) => !taskIds.includes(id)),
    added: taskIds.filter((id) => !run.taskIds.includes(id)),
  };
}

async function refuseRunning({ aws }: Deployment, run: RunRecord): Promise<void> {
  const { dagId, logicalDate, execution } = run;
  if (isClosed(run) || (await executionsOf(aws.stepFunctions).ended(execution)) !== 'running') return;
  throw new UsageError(
    `The run ${dagId} ${logicalDate} goes on at this moment, in ${execution}. Rerun it when it has ended.`,
  );
}

const machine = z.object({
  States: z.object({
    'Begin run': z.object({ Arguments: z.object({ Payload: z.object({ pipeline: pipelineOptions }) }) }),
  }),
});

/** What the deployed machine tells begin of its pipeline. */
async function deployedOptions(deployment: Deployment, dagId: string) {
  const { stateMachine } = pipelineOf(deployment, dagId);
  const command = new DescribeStateMachineCommand({ stateMachineArn: stateMachine });
  const { definition = '{}' } = await deployment.aws.stepFunctions.send(command);
  return machine.parse(JSON.parse(definition)).States['Begin run'].Arguments.Payload.pipeline;
}

/** Of the results that would be reused, those that the code at hand does not take. Items of a mapped task see to themselves. */
async function rejectedOutputs({ store }: Deployment, run: RunRecord, taskIds: readonly string[]): Promise<string[]> {
  const schemas = (await loadPipeline(run.dagId))?.dag.outputs();
  const results = await resultsOf(store, run, taskIds);
  return Object.entries(results).flatMap(([id, { output, marked }]) =>
    !marked && schemas?.get(id)?.safeParse(output).success === false ? [id] : [],
  );
}
