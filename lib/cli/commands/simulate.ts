import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { answersOf, type Case } from '../simulate/case.ts';
import { machineOf } from '../simulate/compiled.ts';
import { type Simulated, simulate } from '../simulate/engine.ts';
import { casesOf } from '../simulate/graph-file.ts';
import { caseOf, type Wanted } from '../simulate/pipeline-case.ts';
import type { AddCommand } from './add-command.ts';

const HELP = `
Runs the compiled state machine in this process, on virtual time: no AWS, no Lambda, no data.

A pipeline's tasks succeed, but those named by --fail and --skip; of a mapped task the first of two items. A condition
that --branch says nothing of finds no value: it does not hold. --branch t=u takes the branch of the task u, whose
condition reads the output of t, or that of the case u of a switch.

--graph reads one graph a line; fields beside "tasks" are not read:
  {"tasks": [{
    "id"
    "upstream"     ids of the tasks that it waits for ([])
    "triggerRule"  one of the twelve of docs/authoring.md ("all_success")
    "outcome"      "success", "failed" or "skipped", if it runs ("success")
    "map"          of a mapped task: its items' outcomes, which stand for its own
    "branch"       what it chooses (its outcome)
    "when"         {"task", "is"}: it runs only if that task, which it then waits for, chose "is". Where that task did
                   not succeed, the trigger rule decides alone.
  }]}

--asl writes for each graph, its name being the pipeline's or line-<n>:
  <name>.asl.json      the definition
  <name>.answers.json  {"begin": the Payload that the function of 'Begin run' answers, "tasks": {id: [{"output"} or
                       {"error", "cause"}]}}: of the function called with Payload.task.id; of a mapped task one for each
                       Payload.task.index, and the last one for all further. Where Payload.task.token is given, an
                       output is the answer to that token. "objects": {"<bucket>/<key>": content} is what distributed
                       Maps read from S3. Executions start with the input {}.

--json prints a line for each graph: {"run": "success" or "failed", "tasks": {id: status}}, a status being "success",
"failed", "skipped" or "upstream_failed".

Exit status: 0 simulated, whatever the run's end; 2 usage.`;

interface Options extends Partial<Wanted> {
  readonly graph?: string;
  readonly asl?: string;
  readonly json?: true;
}

const gather = (given: string, before: readonly string[] = []): string[] => [...before, given];

export const addSimulate: AddCommand = (program) => {
  program
    .command('simulate')
    .description('Shows how a pipeline’s run would end where tasks fail, skip themselves or choose branches.')
    .argument('[pipeline]', 'see sluice list; or --graph')
    .option('--fail <task>', 'the task fails; may be given several times', gather)
    .option('--skip <task>', 'the task skips itself; may be given several times', gather)
    .option('--branch <task=branch>', 'the branch that a task’s output chooses; may be given several times', gather)
    .option('--graph <file>', 'simulate the graphs of a file instead, one a line; see below')
    .option('--asl <dir>', 'write the state machines and the answers of their tasks; see below')
    .option('--json', 'print the result as JSON; see below')
    .addHelpText('after', HELP)
    .action(async (pipeline: string | undefined, options: Options) => {
      for (const wanted of await wantedCases(pipeline, options)) {
        const machine = machineOf(wanted.graph);
        const answers = answersOf(wanted, machine);
        if (options.asl !== undefined)
          write(options.asl, { [`${wanted.graph.id}.asl`]: machine, [`${wanted.graph.id}.answers`]: answers });
        const simulated = await simulate(machine, answers);
        console.log(options.json ? JSON.stringify(simulated) : report(wanted.graph.id, simulated));
      }
    });
};

async function wantedCases(pipeline: string | undefined, { graph: file, ...options }: Options): Promise<Case[]> {
  const { fail = [], skip = [], branch = [] } = options;
  if (pipeline !== undefined && file === undefined) return [await caseOf(pipeline, { fail, skip, branch })];
  if (pipeline === undefined && file !== undefined && [...fail, ...skip, ...branch].length === 0)
    return casesOf(file, textOf(file));
  throw new UsageError('Name a pipeline, with --fail, --skip and --branch; or a file of graphs alone: --graph <file>.');
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--graph ${file}: ${(error as Error).message}`);
  }
}

function write(dir: string, files: Readonly<Record<string, object>>): void {
  mkdirSync(dir, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(dir, `${name}.json`), `${JSON.stringify(content, null, 2)}\n`);
  }
}

function report(name: string, { run, tasks }: Simulated): string {
  const width = Math.max(...Object.keys(tasks).map((id) => id.length));
  return [`${name}: ${run}`, ...Object.entries(tasks).map(([id, status]) => `  ${id.padEnd(width)}  ${status}`)].join(
    '\n',
  );
}
