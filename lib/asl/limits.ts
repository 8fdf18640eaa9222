/** What Step Functions allows, proved before anything is deployed. */
import type { Graph, GraphTask } from '#lib/dag/index.ts';
import { BUSY_ATTEMPTS, looksOf } from './retry.ts';
import type { State } from './state.ts';

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
    ...stateNames(machine.States)
      .filter((name) => name.length > LIMITS.stateName)
      .map((name) => `the state '${name}' has ${name.length} characters of ${LIMITS.stateName}: shorten the task's id`),
    ...(bytes > LIMITS.definition ? [`the definition has ${bytes} bytes of ${LIMITS.definition}: split the DAG`] : []),
    ...(cause > LIMITS.cause ? [`the tasks' statuses have ${cause} characters of ${LIMITS.cause}: split the DAG`] : []),
    ...tasks.flatMap(tooManyItems),
    ...tooManyEvents(machine, tasks),
  ];
}

interface Nested {
  readonly Branches?: Part[];
  readonly ItemProcessor?: Part & { readonly ProcessorConfig?: { readonly Mode: string } };
}
type Part = { readonly States: Readonly<Record<string, State>> };

const stateNames = (states: Readonly<Record<string, State>>): string[] =>
  Object.entries(states).flatMap(([name, state]) => {
    const { Branches = [], ItemProcessor } = state as Nested;
    return [
      name,
      ...[...Branches, ...(ItemProcessor ? [ItemProcessor] : [])].flatMap((part) => stateNames(part.States)),
    ];
  });

/** Events of a state that invokes a Lambda: entered, scheduled, started, succeeded, exited; three more a retry. */
const invocation = (retries: number): number => 5 + 3 * retries;
/** Entered and exited, of a state that does nothing but lead on. */
const PLAIN = 2;
/** The execution's start and end, and begin's waits for a slot. */
const FRAME = 2 + 3 * BUSY_ATTEMPTS;

/**
 * The most events that a task can leave in the history: every item there, every retry of the author's used. Not
 * counted are the retries of Lambda's own errors and of `Sluice.Again`, for which the proof leaves no room by itself.
 */
function eventsOf({ type, map, retries, sensor, callback, job }: GraphTask): number {
  if (type === null) return PLAIN;
  if (map) return 4 + map.maxItems * (2 + invocation(retries) + PLAIN);
  // What is waited for is submitted besides, and submitted again by each retry.
  return invocation(retries + (sensor ? looksOf(sensor) : 0)) + (callback || job ? 1 + retries : 0);
}

/** Of a distributed Map: entered, started, its Map Run started and ended, ended, exited. Its items have their own. */
const DISTRIBUTED = 6;

const isDistributed = (state: State): boolean =>
  (state as Nested).ItemProcessor?.ProcessorConfig?.Mode === 'DISTRIBUTED';

/** The most events of all of a machine's states, each of which a run enters once at the most. */
export function eventsIn({ States }: Part, tasks: ReadonlyMap<string, GraphTask>): number {
  return Object.entries(States).reduce((sum, [name, state]) => sum + eventsOfState(name, state, tasks), 0);
}

function eventsOfState(name: string, state: State, tasks: ReadonlyMap<string, GraphTask>): number {
  const task = tasks.get(name);
  if (isDistributed(state)) return DISTRIBUTED;
  if (state.Type === 'Task' || state.Type === 'Map') return task ? eventsOf(task) : invocation(0);
  if (state.Type !== 'Parallel') return PLAIN;
  const { Branches = [] } = state as Nested;
  return Branches.reduce((sum, branch) => sum + eventsIn(branch, tasks), 4);
}

const eventsOfRun = (machine: Part, tasks: readonly GraphTask[]): number =>
  FRAME + eventsIn(machine, new Map(tasks.map((task) => [task.id, task])));

const mostFirst = (tasks: readonly GraphTask[]): GraphTask[] =>
  tasks.toSorted((one, other) => eventsOf(other) - eventsOf(one));

/**
 * The mapped tasks that are to be distributed: those of a machine that are, and beside them as many of those with the
 * most events as it takes for the others to fit a history.
 */
export function distributedMaps(machine: Part, { tasks }: Graph): ReadonlySet<string> {
  const found = new Set(distributedMapsOf(machine));
  let events = eventsOfRun(machine, tasks);
  for (const task of mostFirst(tasks.filter(({ id, map }) => map && !found.has(id)))) {
    if (events <= LIMITS.events) break;
    found.add(task.id);
    events -= eventsOf(task) - DISTRIBUTED;
  }
  return found;
}

/** The states of a machine that are distributed Maps. */
export const distributedMapsOf = ({ States }: Part): string[] =>
  Object.entries(States).flatMap(([name, state]) => {
    const { Branches = [] } = state as Nested;
    return [...(isDistributed(state) ? [name] : []), ...Branches.flatMap(distributedMapsOf)];
  });

const tooManyItems = ({ id, map }: GraphTask): string[] =>
  map && map.maxItems > MAX_ITEMS
    ? [
        `${id}: the statuses of ${map.maxItems} items do not fit the ${LIMITS.result} bytes of a state's result: ` +
          `lower its maxItems to ${MAX_ITEMS}, or map several tasks over parts of the list`,
      ]
    : [];

function tooManyEvents(machine: Part, tasks: readonly GraphTask[]): string[] {
  const events = eventsOfRun(machine, tasks);
  if (events <= LIMITS.events) return [];
  // What is left of them is no map: those are distributed by now.
  const [most] = mostFirst(tasks.filter(({ map }) => map === null));
  if (!most) return [];
  const cure = most.sensor ? 'let it look less often, or for a shorter time' : 'split the DAG';
  return [
    `${most.id}: a run can reach ${events} events of ${LIMITS.events}, ${eventsOf(most)} of them by this task: ${cure}`,
  ];
}
