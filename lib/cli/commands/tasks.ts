import type { Graph, GraphTask } from '#lib/dag/index.ts';
import { graphOfPipeline } from '../simulate/compiled.ts';
import { table } from '../terminal/table.ts';
import type { AddCommand } from './add-command.ts';

const HELP = `
A task stands below the first of those that it waits for; "also after" names the others. It is read from the code at hand.

--json prints [{"task", "type", "upstream": [task], "triggerRule", "mapped", "sensor", "retries"}], each after those that it
waits for; "type" is null for a task that does nothing.

Exit status: 0 printed, 2 there is no such pipeline, or usage.

Example: sluice tasks github-to-redshift`;

export const addTasks: AddCommand = (program) => {
  program
    .command('tasks')
    .description('Prints the tasks of a pipeline as a tree, with their types and trigger rules.')
    .argument('<pipeline>', 'see sluice list')
    .option('--json', 'print JSON; see below')
    .addHelpText('after', HELP)
    .action(async (pipeline: string, { json }: { json?: true }) => {
      const graph = await graphOfPipeline(pipeline);
      console.log(json ? JSON.stringify(graph.tasks.map(asJson)) : tree(graph));
    });
};

const asJson = ({ id, type, upstream, triggerRule, map, sensor, retries }: GraphTask) => ({
  ...{ task: id, type, upstream, triggerRule },
  mapped: map !== null,
  sensor: sensor !== null,
  retries,
});

const kindOf = ({ type, map, sensor }: GraphTask): string =>
  [type ?? 'nothing', ...(map ? ['mapped'] : []), ...(sensor ? ['sensor'] : [])].join(', ');

function alsoAfter({ upstream }: GraphTask): string {
  const others = upstream.slice(1);
  return others.length > 0 ? `also after ${others.join(', ')}` : '';
}

/** What goes on below a task, by the branch that it is on. */
const BELOW: Readonly<Record<string, string>> = { '': '', '├ ': '│ ', '└ ': '  ' };

function tree({ tasks }: Graph): string {
  const rows: string[][] = [];
  const add = (task: GraphTask, indent: string, branch: string): void => {
    rows.push([`${indent}${branch}${task.id}`, kindOf(task), task.triggerRule, alsoAfter(task)]);
    const below = tasks.filter(({ upstream }) => upstream[0] === task.id);
    for (const [at, one] of below.entries())
      add(one, `${indent}${BELOW[branch]}`, at === below.length - 1 ? '└ ' : '├ ');
  };
  for (const task of tasks) if (task.upstream.length === 0) add(task, '', '');
  return table({ columns: ['task', 'type', 'trigger rule', ''], rows }, rows.length);
}
