import { setTimeout as sleep } from 'node:timers/promises';
import { endClaims } from '#lambdas/warehouse/claims.ts';
import { dataApi } from '#lambdas/warehouse/engines/redshift/client.ts';
import { redshiftDialect } from '#lambdas/warehouse/engines/redshift/dialect.ts';
import { executionsOf } from '#lib/runs/executions.ts';
import { isClosed, type RunRecord, readRecord } from '#lib/runs/run-record.ts';
import { readSlots } from '#lib/runs/slots.ts';
import { type Deployment, pipelineOf } from '../deployment/deployment.ts';
import { stop } from '../deployment/execution.ts';
import { openRunning } from '../deployment/open.ts';
import { findRun, RUN_NAMES } from '../deployment/run-name.ts';
import { type RunTask, readRunTasks } from '../deployment/run-tasks.ts';
import { dataApiOf } from '../deployment/warehouse.ts';
import { UsageError } from '../errors.ts';
import { dateOf } from '../terminal/run-lines.ts';
import type { AddCommand } from './add-command.ts';

const HELP = `
What had begun and not ended is failed, what had not begun not_run. When it says that the run is stopped, nothing that
still works for it can commit to Redshift: a transaction that was committing by then has ended. A database of the
pipeline's own (PostgreSQL) is not told, and may still see the commit of a task that was cut off. Step Functions
cancels the jobs of other services that the run waits for. A task that was cut off may still write objects of its own
attempt into the data lake, which nobody reads.

--json prints {"pipeline", "runId", "logicalDate", "state": "failed", "tasks": {task: state}}.

Exit status: 0 stopped, 1 its end could not be brought about, 2 it does not run, or usage.

Example: sluice stop github-to-redshift 2026-11-19`;

interface Options {
  readonly stack?: string;
  readonly json?: true;
}

export const addStop: AddCommand = (program) => {
  program
    .command('stop')
    .description('Stops a run: its tasks end, and none of them changes the warehouse any more.')
    .argument('<pipeline>', 'see sluice list')
    .argument('[run]', `${RUN_NAMES} (default: the one that runs)`)
    .option('--stack <name>', 'of a deployment instead of the embedded AWS')
    .option('--json', 'print JSON; see below')
    .addHelpText('after', HELP)
    .action(async (pipeline: string, name: string | undefined, { stack, json }: Options) => {
      const deployment = await openRunning({ stack });
      const record = await findRun(deployment, pipeline, name ?? (await onlyRun(deployment, pipeline)));
      const { closed, tasks } = await stopRun(deployment, record);
      const { dagId, runId, logicalDate, state } = closed;
      const states = Object.fromEntries(tasks.map((task) => [task.task, task.state]));
      if (json) return console.log(JSON.stringify({ pipeline: dagId, runId, logicalDate, state, tasks: states }));
      console.log(`${dagId} ${dateOf(logicalDate)} is stopped.`);
      for (const { task, state } of tasks) if (state !== 'success') console.log(`  ${task}: ${state}`);
    });
};

/** @throws UsageError unless exactly one run has a slot, or waits for one */
async function onlyRun({ store, ...deployment }: Deployment, name: string): Promise<string> {
  const { dagId } = pipelineOf(deployment, name);
  const { active, waiting } = (await readSlots(store, dagId)).slots;
  const [first, ...others] = [...active, ...waiting].map(({ runId }) => runId);
  if (first === undefined) throw new UsageError(`No run of ${dagId} runs or waits.`);
  if (others.length === 0) return first;
  throw new UsageError(`${[first, ...others].join(', ')} of ${dagId} run or wait: say which one.`);
}

const CAUSE = 'It was stopped by sluice stop.';
const POLL_MS = 250;
const CLOSES_WITHIN_MS = 120_000;

async function stopRun(deployment: Deployment, record: RunRecord) {
  const { dagId, logicalDate } = record;
  if (isClosed(record))
    throw new UsageError(`${dagId} ${dateOf(logicalDate)} does not run: it ended with ${record.state}.`);
  if ((await executionsOf(deployment.aws.stepFunctions).ended(record.execution)) !== 'running')
    throw new UsageError(
      `${dagId} ${dateOf(logicalDate)} does not run: its execution has ended, though its record is open. Run the date again.`,
    );
  await stop(deployment.aws, record.execution, CAUSE);
  const closed = await waitUntilClosed(deployment, record);
  const { tasks } = await readRunTasks(deployment, closed);
  if (tasks.some(isCutOff)) await endClaims(dataApi(dataApiOf(deployment)), redshiftDialect, closed);
  return { closed, tasks };
}

/** Its function may be at work still: Step Functions does not end it. */
const isCutOff = ({ state, startedAt, endedAt }: RunTask): boolean =>
  state === 'failed' && startedAt !== undefined && endedAt === undefined;

async function waitUntilClosed({ store }: Deployment, run: RunRecord): Promise<RunRecord> {
  for (const until = Date.now() + CLOSES_WITHIN_MS; Date.now() < until; await sleep(POLL_MS)) {
    const record = (await readRecord(store, run))?.record;
    if (record && isClosed(record)) return record;
  }
  throw new Error(
    `The execution ${run.execution} was stopped, but its record is still open after two minutes: is the function that ends runs in trouble?`,
  );
}
