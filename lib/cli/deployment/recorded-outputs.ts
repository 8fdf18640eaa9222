/** What the tasks that another one reads gave in a run. */
import type { RunRecord } from '#lib/runs/run-record.ts';
import { UsageError } from '../errors.ts';
import type { Deployment } from './deployment.ts';
import { historyOf, outputOf } from './task-output.ts';

/**
 * Of each task the output that a run has recorded; one that was skipped has none, as in the run.
 * @throws UsageError naming each that has no output, with what makes one
 */
export async function recordedOutputs(
  deployment: Pick<Deployment, 'aws' | 'store'>,
  record: RunRecord,
  tasks: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const events = tasks.length > 0 ? await historyOf(deployment, record) : undefined;
  const outputs = await Promise.all(tasks.map((task) => outputOf(deployment, { record, task: { task }, events })));
  const { dagId, runId, logicalDate } = record;
  const isEmpty = (task: string) => record.nodes?.[record.taskIds.indexOf(task)]?.kind === 'empty';
  const missing = tasks.filter((task, at) => {
    if (outputs[at] !== undefined || isEmpty(task)) return false;
    return record.tasks?.[task] !== 'skipped';
  });
  if (missing.length > 0)
    throw new UsageError(
      `${missing.join(', ')} gave no output in the run of ${logicalDate}, and it is read here. Make it with \`npx sluice ` +
        `rerun ${dagId} ${runId}${missing.map((task) => ` --task ${task}`).join('')} --only\`, or name a run that has it by --date.`,
    );
  return Object.fromEntries(tasks.map((task, at) => [task, isEmpty(task) ? null : outputs[at]]));
}
