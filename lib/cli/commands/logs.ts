import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError } from 'commander';
import { isClosed, type RunRecord } from '#lib/runs/run-record.ts';
import { type LogLine, openLogs } from '../deployment/logs.ts';
import { type Opened, withReading } from '../deployment/open.ts';
import { findRun, RUN_NAMES } from '../deployment/run-name.ts';
import { type RunTask, readRunTasks } from '../deployment/run-tasks.ts';
import { findTask, type NamedTask } from '../deployment/task-name.ts';
import { logLine } from '../terminal/log-line.ts';
import type { AddCommand } from './add-command.ts';

const HELP = `
The lines of this run alone, of all its tasks or of one, in the order of their times. A job of another service, and a task
that is a step of Step Functions itself, print nothing into a log of Sluice's.

--json prints a line for each: {"timestamp", "message", "logGroup", "logStream"}; the message is as it was printed.

Exit status: 0 printed, also where there are no lines; 2 usage.

Example: sluice logs github-to-redshift latest load --attempt 2`;

interface Options {
  readonly attempt?: number;
  readonly follow?: true;
  readonly stack?: string;
  readonly json?: true;
}

export const addLogs: AddCommand = (program) => {
  program
    .command('logs')
    .description('Prints what the tasks of a run logged.')
    .argument('<pipeline>', 'see sluice list')
    .argument('[run]', RUN_NAMES, 'latest')
    .argument('[task]', 'one task, or of a mapped one an item: extract[3]')
    .option('--attempt <n>', 'of one attempt, from 1', attempt)
    .option('--follow', 'go on until the run has ended')
    .option('--stack <name>', 'of a deployment instead of the embedded AWS')
    .option('--json', 'print JSON; see below')
    .addHelpText('after', HELP)
    .action(async (...args: [pipeline: string, run: string, name: string | undefined, options: Options]) => {
      const [pipeline, run, name, options] = args;
      await withReading(options, async (opened) => {
        const record = await findRun(opened.deployment, pipeline, run);
        const task = name === undefined ? undefined : findTask(record, name);
        const printed = await print(opened, { record, task, options });
        if (printed === 0) console.error(await explainNone(opened, record, task));
      });
    });
};

interface Wanted {
  readonly record: RunRecord;
  readonly task: NamedTask | undefined;
  readonly options: Options;
}

const POLL_MS = { embedded: 500, attached: 500, aws: 2000 } as const;

/** @returns how many lines it has printed */
async function print(opened: Opened, { record: first, task, options }: Wanted): Promise<number> {
  const readLines = openLogs(opened.deployment.aws);
  const told = new Set<string>();
  for (let record = first; ; await sleep(POLL_MS[opened.kind])) {
    const isOver = isClosed(record);
    const { tasks } = await readRunTasks(opened.deployment, record);
    const functions = [...new Set(functionsOf(tasks, task))];
    const wanted = { runId: record.runId, ...task, attempt: options.attempt, ...timesOf(record) };
    const found = await Promise.all(functions.map((functionName) => readLines({ ...wanted, functionName })));
    const lines = found.flat().filter(({ id }) => !told.has(id));
    for (const line of lines.sort((one, other) => one.timestamp - other.timestamp)) tell(line, options);
    for (const { id } of lines) told.add(id);
    if (!options.follow || isOver) return told.size;
    record = await findRun(opened.deployment, record.dagId, record.runId);
  }
}

const functionsOf = (tasks: readonly RunTask[], wanted: NamedTask | undefined): string[] =>
  tasks.filter(({ task }) => wanted === undefined || task === wanted.task).flatMap((task) => task.functionName ?? []);

/** A function's last lines come after its state has ended, and clocks differ. */
const MARGIN_MS = 60_000;

/** Of the last time that the run's tasks were carried out. */
const timesOf = ({ queuedAt, endedAt }: RunRecord) => ({
  from: Date.parse(queuedAt),
  to: (endedAt === undefined ? Date.now() : Date.parse(endedAt)) + MARGIN_MS,
});

function tell(line: LogLine, { json }: Options): void {
  const { id: _, timestamp, ...rest } = line;
  console.log(json ? JSON.stringify({ timestamp: new Date(timestamp).toISOString(), ...rest }) : logLine(line));
}

async function explainNone(opened: Opened, record: RunRecord, task: NamedTask | undefined): Promise<string> {
  const { tasks } = await readRunTasks(opened.deployment, record);
  const found = tasks.find((one) => one.task === task?.task);
  if (found && found.startedAt === undefined) return `${found.task} has not begun in that run: it is ${found.state}.`;
  if (found && found.functionName === undefined)
    return `${found.task} is carried out by no function of Sluice's, so it has no log here.`;
  return 'There are no lines. Logs are kept for a month.';
}

function attempt(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Attempts are counted from 1.');
  return value;
}
