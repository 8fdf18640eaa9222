import { InvalidArgumentError } from 'commander';
import { ASSUMED_ITEMS, dollarsOf, PRICE, type Price, priceOf } from '#lib/asl/index.ts';
import type { Graph } from '#lib/dag/index.ts';
import { pipelineNames } from '#lib/pipelines/load.ts';
import { UsageError } from '../errors.ts';
import { graphOfPipeline, machineOf } from '../simulate/compiled.ts';
import { table } from '../terminal/table.ts';
import type { AddCommand } from './add-command.ts';

const JSON_FIELDS = `
--json prints one line:
  pipelines   [{
    pipeline
    run       {transitions, events} of a run in which every task runs and nothing fails
    items     how many each mapped task is assumed to run over in it (--items, but never more than its maxItems)
    mapped    [{task, transitions, events}], what one more item of each mapped task adds: no events where it is a
              distributed Map, whose items have histories of their own
    worst     {transitions, events} of a run whose lists are as long as maxItems and whose tasks use every retry
    runsPerMonth         on average, as scheduled; 0 for runs by hand only
    transitionsPerMonth, dollarsPerMonth   of such runs, before what is free
    worstWarehouseSeconds   how long a run's sensors keep the warehouse awake, where they look until their time is up
    worstWarehouseDollarsPerMonth   of such runs, at 4 RPU
  }]
  transitionsPerMonth    of all these pipelines
  freeTransitionsPerMonth
  dollarsPerMonth        of all, after what is free

A transition is a state that is entered, or a retry. Lambda, S3 and the warehouse are not in the other prices. Not counted:
waits for a slot, attempts that resume (Sluice.Again), and retries of Lambda's own errors.`;

export const addCost: AddCommand = (program) => {
  program
    .command('cost')
    .description('Prints what runs take of Step Functions: transitions, history events, and the price of a month.')
    .argument('[pipeline]', 'see sluice list (default: all)')
    .option('--items <n>', 'how many items each mapped task runs over', readCount, ASSUMED_ITEMS)
    .option('--json', 'print the result as JSON; see below')
    .addHelpText('after', JSON_FIELDS)
    .action(async (pipeline: string | undefined, { items, json }: { items: number; json?: true }) => {
      const prices = (await graphs(pipeline)).map((graph) => priceOf(graph, machineOf(graph), items));
      const bill = billOf(prices);
      console.log(json ? JSON.stringify(bill) : report(bill));
    });
};

/** Of one pipeline, or of all that can be built; the others are told. */
async function graphs(pipeline: string | undefined): Promise<Graph[]> {
  if (pipeline !== undefined) return [await graphOfPipeline(pipeline)];
  const found: Graph[] = [];
  for (const name of pipelineNames()) {
    try {
      found.push(await graphOfPipeline(name));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      console.error(`Left out: ${error.message}`);
    }
  }
  return found;
}

function readCount(text: string): number {
  if (/^\d{1,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number.');
}

interface Bill {
  readonly pipelines: readonly Price[];
  readonly transitionsPerMonth: number;
  readonly freeTransitionsPerMonth: number;
  readonly dollarsPerMonth: number;
}

function billOf(prices: readonly Price[]): Bill {
  const { freeTransitionsPerMonth } = PRICE;
  const transitionsPerMonth = prices.reduce((sum, price) => sum + price.transitionsPerMonth, 0);
  const dollarsPerMonth = dollarsOf(Math.max(0, transitionsPerMonth - freeTransitionsPerMonth));
  return { pipelines: prices, transitionsPerMonth, freeTransitionsPerMonth, dollarsPerMonth };
}

function report({ pipelines, transitionsPerMonth, freeTransitionsPerMonth, dollarsPerMonth }: Bill): string {
  const columns = ['pipeline', 'transitions', 'at most', 'events', 'at most', 'runs a month', '$ a month'];
  const rows = pipelines.map(({ pipeline, run, worst, runsPerMonth, dollarsPerMonth: dollars }) => [
    pipeline,
    run.transitions,
    worst.transitions,
    run.events,
    worst.events,
    runsPerMonth === 0 ? 'by hand' : Number(runsPerMonth.toFixed(1)),
    Number(dollars.toFixed(2)),
  ]);
  return [
    table({ columns, rows }),
    '',
    'Transitions and events of a run in which every task runs; at most: every retry used, lists as long as maxItems.',
    ...pipelines.filter(({ mapped }) => mapped.length > 0).map(formula),
    ...pipelines.filter(({ worstWarehouseSeconds }) => worstWarehouseSeconds > 0).map(awake),
    `${whole(transitionsPerMonth)} transitions a month, ${whole(freeTransitionsPerMonth)} of them free: ` +
      `$${dollarsPerMonth.toFixed(2)} at $${PRICE.dollarsPerThousandTransitions} per 1,000 (standard, us-east-1).`,
  ].join('\n');
}

const awake = ({ pipeline, worstWarehouseSeconds, worstWarehouseDollarsPerMonth }: Price): string =>
  `${pipeline}: its sensors keep the warehouse awake for up to ${(worstWarehouseSeconds / 3600).toFixed(1)} hours a run, ` +
  `$${worstWarehouseDollarsPerMonth.toFixed(2)} a month.`;

/** What the assumed items are, and what each of them is worth. */
function formula({ pipeline, items, mapped }: Price): string {
  const each = mapped.map(({ task, transitions, events }) => `  ${task}: ${transitions} and ${events} an item`);
  return [`${pipeline} with ${items} items (--items) for each of its mapped tasks:`, ...each].join('\n');
}

const whole = (count: number): string => Math.round(count).toLocaleString('en');
