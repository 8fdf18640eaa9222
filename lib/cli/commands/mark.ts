/** `sluice mark`: says of a task of a closed run how it ended. */
import { readFileSync } from 'node:fs';
import { Argument } from 'commander';
import { problems } from '#lib/contract/problems.ts';
import type { TaskStatus } from '#lib/contract/task-status.ts';
import { loadPipeline } from '#lib/pipelines/load.ts';
import { markTask } from '#lib/runs/mark.ts';
import { type FoundRecord, isClosed, type RunRecord, readRecord } from '#lib/runs/run-record.ts';
import { withOpened } from '../deployment/open.ts';
import { findRun, RUN_NAMES } from '../deployment/run-name.ts';
import { UsageError } from '../errors.ts';
import type { AddCommand } from './add-command.ts';

type Status = Exclude<TaskStatus, 'upstream_failed'>;
interface Options {
  readonly task: string;
  readonly output?: string;
  readonly stack?: string;
  readonly json?: true;
}

const HELP = `
Nothing runs. What else the run came to stays as it is; the run's state is computed anew: it failed where a task that
none waits for failed or is upstream_failed. A task marked as success needs its output where another one reads it:
\`sluice rerun\` gives it to those.

--json prints {pipeline, runId, logicalDate, task, status, state}: state is that of the run.

Exit status: 0 marked, 2 usage.

Example:
  sluice mark github-to-redshift 2026-11-19 --task open_issue_count success`;

export const addMark: AddCommand = (program) => {
  program
    .command('mark')
    .description('Says of a task of a run that has ended that it succeeded, failed or was skipped.')
    .argument('<pipeline>', 'see sluice list')
    .argument('<run>', RUN_NAMES)
    .addArgument(new Argument('<status>', 'how it is to have ended').choices(['success', 'failed', 'skipped']))
    .requiredOption('--task <task>', 'the task')
    .option('--output <file>', 'its output as JSON, of a task that is marked as success')
    .option('--stack <name>', 'act on a deployment instead of the embedded AWS')
    .option('--json', 'print JSON; see below')
    .addHelpText('after', HELP)
    // biome-ignore lint/complexity/useMaxParams: as commander calls it
    .action(async (pipeline: string, run: string, status: Status, options: Options) => {
      await withOpened({ stack: options.stack, fresh: false }, async ({ deployment }) => {
        const record = await findRun(deployment, pipeline, run);
        const found = (await readRecord(deployment.store, record)) as FoundRecord;
        const output = await outputToMark(found.record, status, options);
        const { state } = await markTask(deployment.store, found, { task: options.task, status, output });
        const { runId, logicalDate } = record;
        if (options.json)
          console.log(JSON.stringify({ pipeline, runId, logicalDate, task: options.task, status, state }));
        else
          console.log(
            `${pipeline} ${logicalDate}: ${options.task} is marked as ${status}. The run's state is ${state}.`,
          );
      });
    });
};

/** @throws UsageError where the task cannot be marked so */
async function outputToMark(record: RunRecord, status: Status, { task, output }: Options): Promise<unknown> {
  const { dagId, logicalDate, taskIds, nodes } = record;
  if (!isClosed(record)) throw new UsageError(`The run ${dagId} ${logicalDate} has not ended. Mark its tasks then.`);
  if (!taskIds.includes(task))
    throw new UsageError(`${dagId} ${logicalDate} has no task '${task}'. It has: ${taskIds.join(', ')}.`);
  if (!nodes) throw new UsageError(`The run ${dagId} ${logicalDate} began before tasks could be marked: rerun it.`);
  if (status !== 'success') {
    if (output !== undefined) throw new UsageError(`--output is for a task that is marked as success.`);
    return undefined;
  }
  if (nodes[taskIds.indexOf(task)]?.kind === 'mapped')
    throw new UsageError(`'${task}' is mapped: its items have an output each, so rerun it instead.`);
  return readOutput(record, task, output);
}

async function readOutput({ dagId }: RunRecord, task: string, file: string | undefined): Promise<unknown> {
  const dag = (await loadPipeline(dagId))?.dag;
  const readers = dag?.readersOf(task) ?? [];
  if (file === undefined) {
    if (readers.length === 0) return null;
    throw new UsageError(`${readers.join(', ')} reads what '${task}' gives: give --output FILE with it, as JSON.`);
  }
  const parsed = dag?.outputs().get(task)?.safeParse(readJson(file));
  if (!parsed) throw new UsageError(`'${task}' of ${dagId} gives no output: leave out --output.`);
  if (parsed.success) return parsed.data;
  throw new UsageError(`--output ${file} is no output of '${task}': ${problems(parsed.error)}.`);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`--output ${file}: ${(error as Error).message}`);
  }
}
