import { isClosed, type RunRecord } from '#lib/runs/run-record.ts';
import { sentenceOf } from '#lib/runs/warnings.ts';
import { type Opened, withReading } from '../deployment/open.ts';
import { findRun, RUN_NAMES } from '../deployment/run-name.ts';
import { type RunTasks, readRunTasks } from '../deployment/run-tasks.ts';
import { dateOf, instantOf, lasted, linkOf, shorten, spellMs, stackOption } from '../terminal/run-lines.ts';
import { table } from '../terminal/table.ts';
import type { AddCommand } from './add-command.ts';

const HELP = `
A task's state is that of Airflow: queued (it has not begun), running, up_for_retry, success, failed, skipped,
upstream_failed; not_run in a run that was stopped before it began. The run's is queued (it waits for a slot), running,
success, failed, or interrupted: its execution has ended, and nobody has closed its record.

--json prints {"pipeline", "runId", "logicalDate", "state", "clearing", "execution", "link", "queuedAt", "startedAt"?,
"endedAt"?, "durationMs"?, "fromRaw"?, "error"?, "cause"?, "warnings"?, "tasks": [{"task", "state", "attempts"?,
"startedAt"?, "endedAt"?, "durationMs"?, "rows"?, "items"?, "failedItems"?, "reason"?, "functionName"?}], "next": [command]}.
"warnings" are as sluice run --json has them. A closed run is told from its record alone, however old it is.

Exit status: 0 told, whatever the state; 2 there is no such run, or usage.

Example: sluice status github-to-redshift 2026-11-19`;

interface Options {
  readonly stack?: string;
  readonly json?: true;
}

export const addStatus: AddCommand = (program) => {
  program
    .command('status')
    .description('Shows how a run and each of its tasks goes, or ended, and what to do next.')
    .argument('<pipeline>', 'see sluice list')
    .argument('[run]', RUN_NAMES, 'latest')
    .option('--stack <name>', 'of a deployment instead of the embedded AWS')
    .option('--json', 'print JSON; see below')
    .addHelpText('after', HELP)
    .action(async (pipeline: string, run: string, { stack, json }: Options) => {
      await withReading({ stack }, async (opened) => {
        const record = await findRun(opened.deployment, pipeline, run);
        const found = await readRunTasks(opened.deployment, record);
        if (json) console.log(JSON.stringify(asJson(opened, record, found)));
        else show(opened, record, found);
      });
    });
};

function asJson(opened: Opened, record: RunRecord, found: RunTasks) {
  const { dagId: pipeline, runId, logicalDate, clearing, execution, queuedAt, startedAt, endedAt } = record;
  const { fromRaw, error, cause, warnings } = record;
  const now = new Date();
  return {
    ...{ pipeline, runId, logicalDate, state: found.state, clearing, execution, link: linkOf(opened, execution) },
    ...{ queuedAt, startedAt, endedAt, durationMs: lasted(record, now), fromRaw, error, cause, warnings },
    tasks: found.tasks.map((task) => ({ ...task, durationMs: lasted(task, now) })),
    next: nextOf(opened, record, found),
  };
}

function show(opened: Opened, record: RunRecord, found: RunTasks): void {
  const now = new Date();
  const clearing = record.clearing > 1 ? `, carried out ${record.clearing} times` : '';
  const took = spellMs(lasted(record, now));
  const since =
    record.startedAt === undefined ? `since ${instantOf(record.queuedAt)}` : `began ${instantOf(record.startedAt)}`;
  console.log(
    `${record.dagId} ${record.logicalDate}: ${found.state}, ${[since, took].filter(Boolean).join(', ')}${clearing}`,
  );
  if (record.fromRaw) console.log('It goes from the raw files of that date: no source is asked.');
  const rows = found.tasks.map((task) => [
    task.task,
    task.state,
    task.attempts ?? '',
    instantOf(task.startedAt),
    spellMs(lasted(task, now)),
    task.items ?? '',
    task.rows ?? '',
    shorten(task.reason),
  ]);
  const columns = ['task', 'state', 'attempts', 'began', 'took', 'items', 'rows', 'why'];
  console.log(`\n${table({ columns, rows }, rows.length)}`);
  tellWhy(record, found);
  for (const warning of record.warnings ?? []) console.log(sentenceOf(warning));
  console.log(`\nExecution  ${linkOf(opened, record.execution)}`);
  const next = nextOf(opened, record, found);
  if (next.length > 0) console.log(`Next       ${next.join('\n           ')}`);
}

/** What the table has no room for, and of a run in which no task failed, why it did. */
function tellWhy({ error, cause }: RunRecord, { tasks }: RunTasks): void {
  const failed = tasks.filter(({ state, reason }) => state === 'failed' && reason !== undefined);
  for (const { task, reason } of failed) if (shorten(reason) !== reason) console.log(`\n${task}: ${reason}`);
  if (failed.length === 0 && error !== undefined) console.log(`\n${error}${cause ? `: ${cause}` : ''}`);
}

/** Commands that bring the person further. */
function nextOf(opened: Opened, record: RunRecord, { state, tasks }: RunTasks): string[] {
  const { dagId, logicalDate } = record;
  const name = `${dagId} ${dateOf(logicalDate)}`;
  const failed = tasks.filter((task) => task.state === 'failed' || task.state === 'up_for_retry');
  const logs = failed.filter(({ functionName }) => functionName).map(({ task }) => `sluice logs ${name} ${task}`);
  const isOver = isClosed(record) || state === 'interrupted';
  const again = `sluice run ${dagId} --date ${logicalDate}`;
  const ways = [...logs.slice(0, 3), ...(isOver ? (state === 'success' ? [] : [again]) : [`sluice stop ${name}`])];
  return ways.map((way) => `npx ${way}${stackOption(opened)}`);
}
