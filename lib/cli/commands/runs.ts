import { InvalidArgumentError, Option } from 'commander';
import { executionsOf } from '#lib/runs/executions.ts';
import { type ListedRun, newestRuns, runsBetween } from '#lib/runs/run-list.ts';
import { readRecord } from '#lib/runs/run-record.ts';
import { type DeployedPipeline, type Deployment, pipelineOf } from '../deployment/deployment.ts';
import { withReading } from '../deployment/open.ts';
import { runIdsBetween } from '../deployment/run-name.ts';
import { type RunTask, readRunTasks } from '../deployment/run-tasks.ts';
import { grid } from '../terminal/grid.ts';
import { instantOf, lasted, spellMs } from '../terminal/run-lines.ts';
import { table } from '../terminal/table.ts';
import type { AddCommand } from './add-command.ts';

const STATES = ['queued', 'running', 'success', 'failed', 'interrupted', 'damaged'] as const;
const HELP = `
States: queued (it waits for a slot), running, success, failed, interrupted (its execution has ended, and nobody has
closed its record: run the date again), damaged (its record cannot be read: standard error says why).

--json prints [{"runId", "logicalDate", "state", "startedAt"?, "endedAt"?, "durationMs"?, "failedTasks", "warnings"}], newest
first: how many tasks failed, also of a run that succeeded all the same, and how many warnings it has. With --tasks each
has "tasks": [{"task", "state", …}] as sluice status --json has them.

Exit status: 0 listed, 2 usage.

Example: sluice runs github-to-redshift --from 2026-11-01 --state failed`;

interface Options {
  readonly last: number;
  readonly from?: string;
  readonly to?: string;
  readonly state?: (typeof STATES)[number];
  readonly tasks?: true;
  readonly stack?: string;
  readonly json?: true;
}
type ShownRun = Omit<ListedRun, 'state'> & { readonly state: string; readonly tasks?: readonly RunTask[] };

export const addRuns: AddCommand = (program) => {
  program
    .command('runs')
    .description('Lists the runs of a pipeline, newest first.')
    .argument('<pipeline>', 'see sluice list')
    .option('--last <n>', 'the newest n, of those with --state', count, 20)
    .option('--from <date>', 'those from a logical date on')
    .option('--to <date>', 'those until a logical date, a day with all of its runs')
    .addOption(new Option('--state <state>', 'those in a state').choices(STATES))
    .option('--tasks', 'the states of their tasks, as a grid')
    .option('--stack <name>', 'of a deployment instead of the embedded AWS')
    .option('--json', 'print JSON; see below')
    .addHelpText('after', HELP)
    .action(async (name: string, options: Options) => {
      await withReading(options, async ({ deployment }) => {
        const pipeline = pipelineOf(deployment, name);
        const runs = await readRuns(deployment, pipeline, options);
        for (const { problem } of runs) if (problem !== undefined) console.error(`sluice: ${problem}`);
        console.log(options.json ? JSON.stringify(runs.map(asJson)) : textOf(name, runs, options));
      });
    });
};

function textOf(pipeline: string, runs: readonly ShownRun[], { tasks }: Options): string {
  if (runs.length === 0) return `${pipeline} has no such run.`;
  return tasks ? grid(runs) : table(asRows(runs), runs.length);
}

async function readRuns(deployment: Deployment, pipeline: DeployedPipeline, options: Options): Promise<ShownRun[]> {
  const isRange = options.from !== undefined || options.to !== undefined;
  const now = new Date();
  const listed = isRange
    ? runsBetween(deployment.store, pipeline, runIdsBetween(pipeline, options))
    : newestRuns(deployment.store, pipeline, { count: options.last, now });
  const runs: ShownRun[] = [];
  for await (const one of listed) {
    const run = { ...one, state: await stateOf(deployment, one) };
    if (options.state !== undefined && run.state !== options.state) continue;
    runs.push(options.tasks ? { ...run, tasks: await tasksOf(deployment, pipeline, one) } : run);
    if (!isRange && runs.length >= options.last) break;
  }
  return runs;
}

/** A record stays open where its execution ended and nobody closed it. */
async function stateOf({ aws }: Deployment, { state, execution }: ListedRun): Promise<string> {
  if (execution === undefined) return state;
  return (await executionsOf(aws.stepFunctions).ended(execution)) === 'running' ? state : 'interrupted';
}

async function tasksOf(deployment: Deployment, { dagId }: DeployedPipeline, { runId, state }: ListedRun) {
  const found = state === 'damaged' ? undefined : await readRecord(deployment.store, { dagId, runId });
  return found ? (await readRunTasks(deployment, found.record)).tasks : [];
}

const asJson = ({ execution: _, problem: __, ...run }: ShownRun) => ({ ...run, durationMs: lasted(run, new Date()) });

const asRows = (runs: readonly ShownRun[]) => ({
  columns: ['logical date', 'run', 'state', 'began', 'took', ''],
  rows: runs.map((run) => [
    run.logicalDate,
    run.runId,
    run.state,
    instantOf(run.startedAt),
    spellMs(lasted(run, new Date())),
    [counted(run.failedTasks, 'task', ' failed'), counted(run.warnings, 'warning')].filter(Boolean).join(', '),
  ]),
});

const counted = (n: number, noun: string, rest = ''): string =>
  n === 0 ? '' : `${n} ${noun}${n === 1 ? '' : 's'}${rest}`;

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1 on.');
  return value;
}
