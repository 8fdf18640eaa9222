import type { HistoryEvent } from '#lib/runs/task-history.ts';
import { callsOf } from '#lib/runs/task-input.ts';
import { withReading } from '../deployment/open.ts';
import { findRun, RUN_NAMES } from '../deployment/run-name.ts';
import { findTask, type NamedTask } from '../deployment/task-name.ts';
import { historyOf, outputOf } from '../deployment/task-output.ts';
import { UsageError } from '../errors.ts';
import { toJson } from '../terminal/json.ts';
import type { AddCommand } from './add-command.ts';

const HELP = `
The output is what later tasks read (Airflow: XCom): pointers and counts, never data. The input is as it was when the task
was called (Airflow: rendered templates), as long as Step Functions keeps the execution's history, 90 days on AWS.

--json prints {"task", "index"?, "output", "inputs": null or [{"index"?, "input"}]}; of a mapped task "output" is the list of
its items' outputs, as later tasks read it.

Exit status: 0 printed, 2 the task has no output in that run, or usage.

Example: sluice output github-to-redshift latest load`;

interface Options {
  readonly input?: true;
  readonly stack?: string;
  readonly json?: true;
}

export const addOutput: AddCommand = (program) => {
  program
    .command('output')
    .description('Prints what a task of a run gave to later tasks, and what it was called with.')
    .argument('<pipeline>', 'see sluice list')
    .argument('<run>', RUN_NAMES)
    .argument('<task>', 'the task, or of a mapped one an item: extract[3]')
    .option('--input', 'print the input instead')
    .option('--stack <name>', 'of a deployment instead of the embedded AWS')
    .option('--json', 'print JSON; see below')
    .addHelpText('after', HELP)
    .action(async (...args: [pipeline: string, run: string, name: string, options: Options]) => {
      const [pipeline, run, name, options] = args;
      await withReading(options, async ({ deployment }) => {
        const record = await findRun(deployment, pipeline, run);
        const task = findTask(record, name);
        const events = await historyOf(deployment, record);
        if (options.input) return console.log(print(inputOf(events, task)));
        const output = await outputOf(deployment, { record, task, events });
        if (output === undefined)
          throw new UsageError(`${name} has no output in that run. \`npx sluice status ${pipeline} ${run}\` says why.`);
        if (!options.json) return console.log(print(output));
        console.log(toJson({ ...task, output, inputs: events ? inputsOf(events, task) : null }));
      });
    });
};

const inputsOf = (events: readonly HistoryEvent[], { task, index }: NamedTask) =>
  callsOf(events, task).filter((call) => index === undefined || call.index === index);

function inputOf(events: readonly HistoryEvent[] | undefined, task: NamedTask): unknown {
  if (!events) throw new UsageError('Step Functions no longer has the history of that run, which has the inputs.');
  const calls = inputsOf(events, task);
  if (calls.length === 0) throw new UsageError(`${task.task} was not called in that run.`);
  const [first] = calls;
  return first?.index === undefined ? first?.input : calls;
}

const print = (value: unknown): string => JSON.stringify(value, null, 2);
