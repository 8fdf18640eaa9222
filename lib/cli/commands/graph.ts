import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { drawingOfDag, drawingOfMachine, withStates } from '#lib/drawing/drawing.ts';
import { mermaid } from '#lib/drawing/mermaid.ts';
import { withReading } from '../deployment/open.ts';
import { findRun, RUN_NAMES } from '../deployment/run-name.ts';
import { readRunTasks } from '../deployment/run-tasks.ts';
import { graphOfPipeline, machineOf } from '../simulate/compiled.ts';
import type { AddCommand } from './add-command.ts';

export const addGraph: AddCommand = (program) => {
  program
    .command('graph')
    .description('Draws a pipeline’s DAG and its compiled state machine, as Mermaid and as SVG.')
    .argument('<pipeline>', 'see sluice list')
    .option('--run <run>', `colour the tasks by what they came to in a run: ${RUN_NAMES}`)
    .option('--stack <name>', 'a run of a deployment instead of the embedded AWS')
    .option('--out <dir>', 'where the files go: <pipeline>.{dag,machine}.{mmd,svg}', '.')
    .option('--json', 'print {"files": [path, …]} instead of a line for each')
    .action(async (pipeline: string, { out, json, run, stack }: Options) => {
      const states = run === undefined ? undefined : await statesOf(pipeline, { run, stack });
      const written = Object.entries(await filesOf(pipeline, states)).map(([name, text]) => {
        const path = join(out, name);
        mkdirSync(out, { recursive: true });
        writeFileSync(path, text);
        return relative('.', path);
      });
      console.log(json ? JSON.stringify({ files: written }) : written.join('\n'));
    });
};

interface Options {
  readonly out: string;
  readonly run?: string;
  readonly stack?: string;
  readonly json?: true;
}

/** What each task came to in a run. */
async function statesOf(
  pipeline: string,
  { run, stack }: { readonly run: string; readonly stack: string | undefined },
): Promise<ReadonlyMap<string, string>> {
  const states = new Map<string, string>();
  await withReading({ stack }, async ({ deployment }) => {
    const { tasks } = await readRunTasks(deployment, await findRun(deployment, pipeline, run));
    for (const { task, state } of tasks) states.set(task, state);
  });
  return states;
}

/** The files by name. A DAG reads from the left to the right, a machine from the top down as in the console. */
async function filesOf(
  pipeline: string,
  states: ReadonlyMap<string, string> = new Map(),
): Promise<Record<string, string>> {
  const graph = await graphOfPipeline(pipeline);
  // Its layout is the work of a library that no other command needs.
  const { svg } = await import('#lib/drawing/svg.ts');
  const dag = withStates(drawingOfDag(graph), states);
  const machine = withStates(drawingOfMachine(machineOf(graph)), states);
  return {
    [`${pipeline}.dag.mmd`]: mermaid(dag, 'LR'),
    [`${pipeline}.dag.svg`]: svg(`The DAG ${pipeline}`, dag, 'LR'),
    [`${pipeline}.machine.mmd`]: mermaid(machine, 'TB'),
    [`${pipeline}.machine.svg`]: svg(`The state machine of ${pipeline}`, machine, 'TB'),
  };
}
