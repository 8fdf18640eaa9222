import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { drawingOfDag, drawingOfMachine } from '#lib/drawing/drawing.ts';
import { mermaid } from '#lib/drawing/mermaid.ts';
import { graphOfPipeline, machineOf } from '../simulate/compiled.ts';
import type { AddCommand } from './add-command.ts';

export const addGraph: AddCommand = (program) => {
  program
    .command('graph')
    .description('Draws a pipeline’s DAG and its compiled state machine, as Mermaid and as SVG.')
    .argument('<pipeline>', 'see sluice list')
    .option('--out <dir>', 'where the files go: <pipeline>.{dag,machine}.{mmd,svg}', '.')
    .option('--json', 'print {"files": [path, …]} instead of a line for each')
    .action(async (pipeline: string, { out, json }: { out: string; json?: true }) => {
      const written = Object.entries(await filesOf(pipeline)).map(([name, text]) => {
        const path = join(out, name);
        mkdirSync(out, { recursive: true });
        writeFileSync(path, text);
        return relative('.', path);
      });
      console.log(json ? JSON.stringify({ files: written }) : written.join('\n'));
    });
};

/** The files by name. A DAG reads from the left to the right, a machine from the top down as in the console. */
async function filesOf(pipeline: string): Promise<Record<string, string>> {
  const graph = await graphOfPipeline(pipeline);
  // Its layout is the work of a library that no other command needs.
  const { svg } = await import('#lib/drawing/svg.ts');
  const [dag, states] = [drawingOfDag(graph), drawingOfMachine(machineOf(graph))];
  return {
    [`${pipeline}.dag.mmd`]: mermaid(dag, 'LR'),
    [`${pipeline}.dag.svg`]: svg(`The DAG ${pipeline}`, dag, 'LR'),
    [`${pipeline}.machine.mmd`]: mermaid(states, 'TB'),
    [`${pipeline}.machine.svg`]: svg(`The state machine of ${pipeline}`, states, 'TB'),
  };
}
