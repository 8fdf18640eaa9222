/** What Step Functions allows, proved before anything is deployed. */
import type { Graph, GraphTask } from '#lib/dag/index.ts';
import { BUSY_ATTEMPTS } from './retry.ts';
import { type Assumed, usageOfState, type Walked } from './usage.ts';

const LIMITS = {
  /** Characters of a state's name. */
  stateName: 80,
  /** Bytes of a definition. */
  definition: 1024 * 1024,
  /** Events of an execution's history. */
  events: 25_000,
  /** Characters of a failed execution's cause, which holds every task's status. */
  cause: 32_768,
  /** Bytes of a state's result, which is of a mapped task the status of every item. */
  result: 262_144,
} as const;

/** Items of a mapped task: `"success",` of each must fit its state's result. */
const MAX_ITEMS = Math.floor((LIMITS.result - 2) / '"success",'.length);

/** Every limit that the machine breaks or could break, with the task to blame. */
export function brokenLimits(machine: Part, { tasks }: Graph): string[] {
  const bytes = Buffer.byteLength(JSON.stringify(machine));
  const cause = tasks.reduce((length, { id }) => length + id.length + '"":"upstream_failed",'.length, 2);
  return [
    ...stateNames(machine)
      .filter((name) => name.length > LIMITS.stateName)
      .map((name) => `the state '${name}' has ${name.length} characters of ${LIMITS.stateName}: shorten the task's id`),
    ...(bytes > LIMITS.definition ? [`the definition has ${bytes} bytes of ${LIMITS.definition}: split the DAG`] : []),
    ...(cause > LIMITS.cause ? [`the tasks' statuses have ${cause} characters of ${LIMITS.cause}: split the DAG`] : []),
    ...tasks.flatMap(tooManyItems),
    ...tooManyEvents(machine, tasks),
  ];
}

type States = Readonly<Record<string, Walked>>;
/** A machine, or a branch of it. */
interface Part {
  readonly States: object;
}

/** The states of a machine by name, those in branches included. An item's states are in its Map. */
const statesIn = ({ States }: Part): [string, Walked][] =>
  Object.entries(States as States).flatMap(([name, state]) => [
    [name, state] as [string, Walked],
    ...(state.Branches ?? []).flatMap(statesIn),
  ]);

const stateNames = (machine: Part): string[] =>
  statesIn(machine).flatMap(([name, { ItemProcessor }]) => [
    name,
    ...(ItemProcessor ? Object.keys(ItemProcessor.States) : []),
  ]);

/** The execution's start and end, and begin's waits for a slot. */
const FRAME = 2 + 3 * BUSY_ATTEMPTS;

/**
 * The most events that the states of a machine can leave in the history, by name: every item there, every retry used. A
 * run enters each of them once at the most. Not counted are the retries of Lambda's own errors and of `Sluice.Again`,
 * for which the proof leaves no room by itself.
 */
export function eventsIn(machine: Part, tasks: readonly GraphTask[]): Map<string, number> {
  const maxItems = new Map(tasks.map(({ id, map }) => [id, map?.maxItems ?? 0]));
  const worst: Assumed = { failing: true, items: (id) => maxItems.get(id) ?? 0 };
  return new Map(statesIn(machine).map(([name, state]) => [name, usageOfState(name, state, worst).events]));
}

const eventsOfRun = (events: ReadonlyMap<string, number>): number =>
  [...events.values()].reduce((sum, one) => sum + one, FRAME);

const isDistributed = ({ ItemProcessor }: Walked): boolean => ItemProcessor?.ProcessorConfig?.Mode === 'DISTRIBUTED';

/** The states of a machine that are distributed Maps. */
export const distributedMapsOf = (machine: Part): string[] =>
  statesIn(machine).flatMap(([name, state]) => (isDistributed(state) ? [name] : []));

/** Events of a distributed Map, whose items have histories of their own. */
const DISTRIBUTED = 6;

const mostFirst = (tasks: readonly GraphTask[], events: ReadonlyMap<string, number>) =>
  tasks
    .map(({ id, sensor }) => ({ id, sensor, events: events.get(id) ?? 0 }))
    .sort((one, other) => other.events - one.events);

/**
 * The mapped tasks that are to be distributed: those of a machine that are, and beside them as many of those with the
 * most events as it takes for the others to fit a history.
 */
export function distributedMaps(machine: Part, { tasks }: Graph): ReadonlySet<string> {
  const found = new Set(distributedMapsOf(machine));
  const events = eventsIn(machine, tasks);
  let left = eventsOfRun(events);
  const inline = tasks.filter(({ id, map }) => map && !found.has(id));
  for (const most of mostFirst(inline, events)) {
    if (left <= LIMITS.events) break;
    found.add(most.id);
    left -= most.events - DISTRIBUTED;
  }
  return found;
}

const tooManyItems = ({ id, map }: GraphTask): string[] =>
  map && map.maxItems > MAX_ITEMS
    ? [
        `${id}: the statuses of ${map.maxItems} items do not fit the ${LIMITS.result} bytes of a state's result: ` +
          `lower its maxItems to ${MAX_ITEMS}, or map several tasks over parts of the list`,
      ]
    : [];

function tooManyEvents(machine: Part, tasks: readonly GraphTask[]): string[] {
  const events = eventsIn(machine, tasks);
  const all = eventsOfRun(events);
  if (all <= LIMITS.events) return [];
  // What is left of them is no map: those are distributed by now.
  const [most] = mostFirst(
    tasks.filter(({ map }) => map === null),
    events,
  );
  if (!most) return [];
  const cure = most.sensor ? 'let it look less often, or for a shorter time' : 'split the DAG';
  return [
    `${most.id}: a run can reach ${all} events of ${LIMITS.events}, ${most.events} of them by this task: ${cure}`,
  ];
}
