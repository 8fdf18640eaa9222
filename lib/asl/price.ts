/** What a pipeline's runs cost: standard workflows in us-east-1, https://aws.amazon.com/step-functions/pricing/. */
import type { Graph, GraphTask } from '#lib/dag/index.ts';
import { ticksBetween } from '#lib/time/ticks.ts';
import type { StateMachine } from './state.ts';
import { type Usage, usageOf, usagePerItem } from './usage.ts';

export const PRICE = {
  dollarsPerThousandTransitions: 0.025,
  /** Of all pipelines of an account together, for good. */
  freeTransitionsPerMonth: 4000,
  /** Redshift Serverless at 4 RPU, https://aws.amazon.com/redshift/pricing/. A query is billed for a minute at the least. */
  dollarsPerWarehouseHour: 1.5,
} as const;

/** Items of each mapped task where nobody says how many. */
export const ASSUMED_ITEMS = 100;

export interface Price {
  readonly pipeline: string;
  /** Of a run in which every task runs and nothing fails, with so many items for each mapped task. */
  readonly run: Usage;
  readonly items: number;
  /** What one more item of each mapped task adds to `run`. */
  readonly mapped: readonly ({ readonly task: string } & Usage)[];
  /** Of a run whose lists are as long as they may be and whose tasks use every retry. */
  readonly worst: Usage;
  /** On average, as scheduled; 0 for runs by hand only. */
  readonly runsPerMonth: number;
  readonly transitionsPerMonth: number;
  /** Before the free transitions. */
  readonly dollarsPerMonth: number;
  /** How long the looks of a run's sensors keep the warehouse awake, where none finds anything until its time is up. */
  readonly worstWarehouseSeconds: number;
  /** Of runs in which that is so. */
  readonly worstWarehouseDollarsPerMonth: number;
}

/** The price of a DAG's runs, read off its compiled machine. A list is never taken for longer than its `maxItems`. */
export function priceOf(graph: Graph, machine: StateMachine, items = ASSUMED_ITEMS): Price {
  const mapped = graph.tasks.filter((task) => task.map !== null);
  const maxItems = new Map(mapped.map(({ id, map }) => [id, map?.maxItems ?? 0]));
  const most = (task: string) => maxItems.get(task) ?? 0;
  const run = usageOf(machine, { items: (task) => Math.min(items, most(task)), failing: false });
  const runsPerMonth = ticksPerMonth(graph);
  const transitionsPerMonth = runsPerMonth * run.transitions;
  const worstWarehouseSeconds = graph.tasks.reduce((sum, task) => sum + secondsOfLooks(task), 0);
  return {
    pipeline: graph.id,
    run,
    items,
    mapped: mapped.map(({ id }) => ({ task: id, ...usagePerItem(machine, id) })),
    worst: usageOf(machine, { items: most, failing: true }),
    runsPerMonth,
    transitionsPerMonth,
    dollarsPerMonth: dollarsOf(transitionsPerMonth),
    worstWarehouseSeconds,
    worstWarehouseDollarsPerMonth: runsPerMonth * (worstWarehouseSeconds / 3600) * PRICE.dollarsPerWarehouseHour,
  };
}

const LOOK_SECONDS = 60;
/** Below it, the warehouse is awake for more than a tenth of the time that a sensor waits. */
const SPARING_POKE_SECONDS = 600;

const looksAtWarehouse = ({ sensor, grants }: GraphTask): boolean =>
  sensor !== null && grants.some(({ to }) => 'connection' in to && to.type === 'redshift');

function secondsOfLooks(task: GraphTask): number {
  if (!task.sensor || !looksAtWarehouse(task)) return 0;
  const { pokeSeconds, timeoutSeconds } = task.sensor;
  return Math.min(timeoutSeconds + LOOK_SECONDS, (Math.ceil(timeoutSeconds / pokeSeconds) + 1) * LOOK_SECONDS);
}

/** The sensors that look at the warehouse so often that they keep it awake. */
export const restlessSensors = ({ tasks }: Graph): string[] =>
  tasks.flatMap((task) =>
    looksAtWarehouse(task) && (task.sensor?.pokeSeconds ?? 0) < SPARING_POKE_SECONDS ? [task.id] : [],
  );

export const dollarsOf = (transitions: number): number => (transitions / 1000) * PRICE.dollarsPerThousandTransitions;

/** The price in a line, for whoever synthesizes the pipeline. */
export function priceLine({ pipeline, run, items, mapped, worst, runsPerMonth, dollarsPerMonth }: Price): string {
  const assumed = mapped.length > 0 ? ` with ${items} items for each mapped task` : '';
  const month = runsPerMonth > 0 ? `${shown(runsPerMonth)} runs a month: $${dollarsPerMonth.toFixed(2)}` : 'by hand';
  return (
    `${pipeline}: ${shown(run.transitions)} transitions and ${shown(run.events)} events a run${assumed}, ` +
    `at most ${shown(worst.transitions)} and ${shown(worst.events)}; ${month}` +
    (runsPerMonth > 0 ? `, of which ${shown(PRICE.freeTransitionsPerMonth)} transitions an account are free` : '')
  );
}

const shown = (count: number): string => count.toLocaleString('en', { maximumFractionDigits: 1 });

const FROM = new Date('2025-12-31T23:59:59Z');
const MONTH_MS = (365 / 12) * 86_400_000;
/** Beyond so many ticks their average is known well enough. */
const ENOUGH = 2000;

/** Over a year, or over its first ticks where there are very many. */
function ticksPerMonth({ schedule, timeZone }: Graph): number {
  if (schedule === null) return 0;
  const end = new Date(FROM.getTime() + 12 * MONTH_MS);
  const ticks: Date[] = [];
  for (const tick of ticksBetween({ schedule, timeZone }, FROM, end)) if (ticks.push(tick) === ENOUGH) break;
  const [first, last] = [ticks.at(0), ticks.at(-1)];
  if (ticks.length === ENOUGH && first && last) return ((ENOUGH - 1) * MONTH_MS) / (last.getTime() - first.getTime());
  return ticks.length / 12;
}
