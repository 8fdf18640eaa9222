/** `sluice test`: carries one task out alone, on the recorded outputs of those that it reads. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { TaskEvent } from '#lib/contract/envelope.ts';
import { ERROR } from '#lib/contract/error-names.ts';
import { DagError, type Graph, type GraphTask } from '#lib/dag/index.ts';
import { loadPipelines } from '#lib/pipelines/load.ts';
import { serveDatabases } from '../deployment/databases.ts';
import { pipelineOf } from '../deployment/deployment.ts';
import { endAll } from '../deployment/ends.ts';
import { isHere, open } from '../deployment/open.ts';
import { connectSources } from '../deployment/sources.ts';
import { buildTask, type Invoked, invokeTask } from '../deployment/task-function.ts';
import { tasksRead } from '../deployment/task-input.ts';
import { findTask } from '../deployment/task-name.ts';
import { UsageError } from '../errors.ts';
import { pipelineNamed } from '../simulate/compiled.ts';
import { logLine } from '../terminal/log-line.ts';
import type { AddCommand } from './add-command.ts';
import { addParam } from './params.ts';
import { eventOf } from './task-event.ts';

const HELP = `
The task gets what the tasks that it reads gave in the run of that date, or where there is none in the latest run. Its
handler and its SQL are taken as they are at this moment, and nothing else is synthesized. One attempt is made: of a
sensor one look. Jobs and callback tasks, which Step Functions carries out, cannot be tested alone.

Nothing goes into the ledger, and there is no run record, so no run takes what the task gives. But what it writes, it
writes for real: files in the lake (under a run id of the test's own), tables, mails. A load takes the logical date.

The lines that the task logged go to standard error, its output to standard output.
--json prints {pipeline, task, index?, logicalDate, upstreamOf: the logical date of the run whose outputs it got, or null,
state: "success", "skipped" or "failed", output?, error?, cause?, lines}.

Exit status: 0 success or skipped, 1 failed, 2 usage.

Example: sluice test github-to-redshift open_issue_count --date 2026-11-19`;

interface Options {
  readonly date?: string;
  readonly param?: Record<string, string>;
  readonly item?: number;
  readonly json?: true;
}

export const addTest: AddCommand = (program, exit) => {
  program
    .command('test')
    .description('Carries one task out alone, on this machine, on the recorded outputs of the tasks that it reads.')
    .argument('<pipeline>', 'see sluice list')
    .argument('<task>', 'see sluice tasks <pipeline>')
    .option('--date <date>', 'the logical date (default: that of the latest run)')
    .option('--param <name=value>', 'a param of the DAG; may be given several times', addParam)
    .option('--item <n>', 'of a mapped task, the item at that place from 0 (default: the first)', item)
    .option('--json', 'print the result as JSON; see below')
    .addHelpText('after', HELP)
    .action(async (pipeline: string, name: string, options: Options) => {
      if (!isHere({})) throw new UsageError('sluice test is for this machine: unset AWS_ENDPOINT_URL.');
      const { graph, tables } = await graphAmongAll(pipeline);
      const task = testable(graph, name);
      const code = { graph, tables, type: task.type };
      // Beside the start of the embedded AWS, which takes as long.
      await using built = buildTask(code);
      const opened = await open({ fresh: false });
      const ends = [() => opened.close()];
      try {
        ends.unshift(await serveDatabases(opened, pipelineOf(opened.deployment, pipeline).databases));
        const { sources, close } = await connectSources(opened, { pipeline });
        ends.unshift(close);
        const { event, upstreamOf } = await eventOf(opened.deployment, { graph, task, sources, ...options });
        const told = { pipeline, task: task.id, logicalDate: event.run.logicalDate, upstreamOf };
        if (!options.json) tellStart(told, task);
        const invoked = await invokeTask(opened.deployment, code, { built, event });
        exit(tell({ ...told, ...indexOf(event) }, invoked, options));
      } finally {
        await endAll(ends);
      }
    });
};

const ROOT = resolve(import.meta.dirname, '../../..');

/** The graph as a synthesis has it, which knows the other pipelines. */
async function graphAmongAll(name: string) {
  const { dag, tables } = await pipelineNamed(name);
  const { pipelines } = await loadPipelines();
  const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
  try {
    const facts = Object.values(pipelines).map((one) => one.dag.facts());
    return { graph: dag.graph({ tables, pipelines: facts, read }), tables };
  } catch (error) {
    if (error instanceof DagError) throw new UsageError(error.message);
    throw error;
  }
}

type Testable = GraphTask & { readonly type: string };

/** @throws UsageError where there is no such task, or no function carries it out to its end */
function testable({ id: dagId, tasks }: Graph, name: string): Testable {
  const named = findTask({ dagId, taskIds: tasks.map(({ id }) => id) }, name);
  const task = tasks.find(({ id }) => id === named.task) as GraphTask;
  const { type } = task;
  if (type === null) throw new UsageError(`'${task.id}' does nothing, so there is nothing to test.`);
  if (task.job || task.callback)
    throw new UsageError(
      `'${task.id}' (${type}) is a ${task.job ? 'job' : 'callback task'}: Step Functions waits for its end, so it is ` +
        `tested in a run: \`npx sluice run ${dagId}\`.`,
    );
  return { ...task, type };
}

interface Told {
  readonly pipeline: string;
  readonly task: string;
  readonly index?: number;
  readonly logicalDate: string;
  readonly upstreamOf: string | null;
}

function tellStart({ pipeline, task, logicalDate, upstreamOf }: Told, of: GraphTask): void {
  const read = tasksRead(of);
  const from = read.length > 0 ? `, on what ${read.join(', ')} gave in the run of ${upstreamOf}` : '';
  console.error(`${pipeline}: testing ${task} for ${logicalDate}${from}`);
}

const indexOf = ({ task: { index } }: TaskEvent) => (index === undefined ? {} : { index });

interface Result {
  readonly state: 'success' | 'skipped' | 'failed';
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
}

function resultOf({ payload, failed }: Invoked): Result {
  if (!failed) return { state: 'success', output: JSON.parse(payload) };
  const { errorType: error, errorMessage: cause } = JSON.parse(payload);
  return { state: error === ERROR.skipped ? 'skipped' : 'failed', error, cause };
}

/** @returns the exit status */
function tell(told: Told, invoked: Invoked, { json }: Options): number {
  const { lines } = invoked;
  const result = resultOf(invoked);
  if (json) console.log(JSON.stringify({ ...told, ...result, lines }));
  else {
    for (const line of timed(lines)) console.error(logLine(line));
    console.log(sentenceOf(told, result));
  }
  return result.state === 'failed' ? 1 : 0;
}

function sentenceOf({ task }: Told, { state, output, error, cause }: Result): string {
  if (state === 'success') return JSON.stringify(output, null, 2);
  return state === 'skipped' ? `${task} is skipped: ${cause}` : `${task} failed: ${error}: ${cause}`;
}

/** Each line tells its own time, as JSON or in front; one that tells none goes on with the one before. */
function timed(lines: readonly string[]): { readonly timestamp: number; readonly message: string }[] {
  let timestamp = Date.now();
  return lines.map((message) => {
    const [time] = /\d{4}-\d{2}-\d{2}T[\d:.]+Z/.exec(message) ?? [];
    if (time !== undefined) timestamp = Date.parse(time);
    return { timestamp, message };
  });
}

function item(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('Items are counted from 0.');
  return value;
}
