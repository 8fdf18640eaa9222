import { Damaged } from '#lib/runs/errors.ts';
import { executionsOf } from '#lib/runs/executions.ts';
import { isPausedAt } from '#lib/runs/pauses.ts';
import { failedTasksOf, isClosed, type RunRecord, readRecord, runIdsOf } from '#lib/runs/run-record.ts';
import { logicalDateOf } from '#lib/time/run-id.ts';
import type { Aws } from '../deployment/aws.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { withOpened } from '../deployment/open.ts';
import { brokenPipelines } from '../deployment/synth.ts';
import { although } from '../terminal/report.ts';
import { table } from '../terminal/table.ts';
import type { AddCommand } from './add-command.ts';

const FIELDS = `
--json prints [{"pipeline", "schedule", "timeZone", "paused", "newestRun": null or {"logicalDate", "state",
"failedTasks"?, "warnings"?}}]. "state" is "queued",
"running", "success", "failed", "interrupted" where its execution ended and the run record is open still (run the date
again), or "damaged" where the record cannot be read: standard error says which, and what to do. "failedTasks" are those
of a run that succeeded although they failed; "warnings" is how many it has, such as lists that were skipped.`;

export const addList: AddCommand = (program) => {
  program
    .command('list')
    .description('Lists the pipelines with their schedules and newest runs.')
    .option('--stack <name>', 'list those of a deployment instead of the embedded one')
    .option('--json', 'print JSON; see below')
    .addHelpText('after', FIELDS)
    .action(async ({ stack, json }: { stack?: string; json?: true }) => {
      await withOpened({ stack, fresh: true }, async ({ deployment, kind }) => {
        const pipelines = await Promise.all(
          deployment.pipelines.map(async ({ dagId, schedule, timeZone }) => {
            const newestRun = await readNewestRun(deployment, dagId);
            const paused = await isPausedAt(deployment.store, dagId, new Date());
            return { pipeline: dagId, schedule, timeZone, paused, newestRun };
          }),
        );
        const broken = kind === 'aws' ? [] : Object.entries(brokenPipelines());
        const wrong = broken.map(([pipeline, error]) => ({ pipeline, error }));
        if (json) return console.log(JSON.stringify([...pipelines, ...wrong]));
        console.log(table(asRows(pipelines)));
        for (const { pipeline, error } of wrong) console.log(`\n${pipeline} is broken, and left out:\n  ${error}`);
      });
    });
};

interface Listed {
  readonly pipeline: string;
  readonly schedule: string | null;
  readonly timeZone: string;
  readonly paused: boolean;
  readonly newestRun: {
    readonly logicalDate: string;
    readonly state: string;
    readonly failedTasks?: readonly string[];
    readonly warnings?: number;
  } | null;
}

/** The run with the newest logical date. A record that cannot be read is reported, and hides no other. */
async function readNewestRun({ store, aws }: Deployment, dagId: string): Promise<Listed['newestRun']> {
  const runId = (await runIdsOf(store, dagId)).at(-1);
  if (runId === undefined) return null;
  const logicalDate = logicalDateOf(runId);
  try {
    const found = await readRecord(store, { dagId, runId });
    if (!found) return null;
    const state = await stateOf(aws, found.record);
    const failedTasks = state === 'success' ? failedTasksOf(found.record) : [];
    const { warnings } = found.record;
    return {
      logicalDate,
      state,
      ...(failedTasks.length > 0 && { failedTasks }),
      ...(warnings && { warnings: warnings.length }),
    };
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    console.error(`sluice: ${error.message}`);
    return { logicalDate, state: 'damaged' };
  }
}

/** A record stays open where its execution ended and nobody closed it: a process was killed, or an event was lost. */
async function stateOf({ stepFunctions }: Aws, record: RunRecord): Promise<string> {
  if (isClosed(record)) return record.state;
  const isRunning = (await executionsOf(stepFunctions).ended(record.execution)) === 'running';
  return isRunning ? record.state : 'interrupted';
}

const asRows = (pipelines: readonly Listed[]) => ({
  columns: ['pipeline', 'schedule', 'zone', 'newest run', 'state'],
  rows: pipelines.map(({ pipeline, schedule, timeZone, paused, newestRun: run }) => [
    pipeline,
    `${schedule ?? 'by hand'}${paused ? ', paused' : ''}`,
    timeZone,
    run?.logicalDate ?? 'none',
    run ? `${run.state}${although(run)}${withWarnings(run)}` : '',
  ]),
});

const withWarnings = ({ warnings }: { readonly warnings?: number }): string =>
  warnings === undefined ? '' : `, ${warnings} warning${warnings === 1 ? '' : 's'}`;
