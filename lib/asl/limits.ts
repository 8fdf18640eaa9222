/** What Step Functions allows, proved before anything is deployed. */
import { BUSY_ATTEMPTS } from './retry.ts';
import { type Element, isFork, tasksOf } from './series-parallel.ts';
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
} as const;

/** Every limit that the machine breaks or could break, with the task to blame. */
export function brokenLimits(machine: { States: Record<string, State> }, elements: readonly Element[]): string[] {
  const bytes = Buffer.byteLength(JSON.stringify(machine));
  const ids = elements.flatMap(tasksOf).map(({ id }) => id);
  const cause = ids.reduce((length, id) => length + id.length + '"":"upstream_failed",'.length, 2);
  return [
    ...stateNames(machine.States)
      .filter((name) => name.length > LIMITS.stateName)
      .map((name) => `the state '${name}' has ${name.length} characters of ${LIMITS.stateName}: shorten the task's id`),
    ...(bytes > LIMITS.definition ? [`the definition has ${bytes} bytes of ${LIMITS.definition}: split the DAG`] : []),
    ...(cause > LIMITS.cause ? [`the tasks' statuses have ${cause} characters of ${LIMITS.cause}: split the DAG`] : []),
    ...tooManyEvents(elements),
  ];
}

type Nested = { readonly Branches?: Part[]; readonly ItemProcessor?: Part };
type Part = { readonly States: Record<string, State> };

const stateNames = (states: Record<string, State>): string[] =>
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
/** The execution's start and end, begin with every wait for a slot, and the final state. */
const FRAME = 2 + invocation(BUSY_ATTEMPTS) + PLAIN;

/**
 * The most events that an element can leave in the history: every item there, every retry of the author's used. Not
 * counted are the retries of Lambda's own errors and of `Sluice.Again`, for which the proof leaves no room by itself.
 */
export function eventsOf(element: Element): number {
  if (isFork(element)) {
    const branches = element.branches.map((branch) => PLAIN + branch.reduce((sum, inner) => sum + eventsOf(inner), 0));
    return 4 + PLAIN + branches.reduce((sum, events) => sum + events, 0);
  }
  if (element.type === null) return PLAIN;
  if (!element.map) return invocation(element.retries);
  return 4 + PLAIN + element.map.maxItems * (2 + invocation(element.retries) + PLAIN);
}

function tooManyEvents(elements: readonly Element[]): string[] {
  const events = elements.reduce((sum, element) => sum + eventsOf(element), FRAME);
  if (events <= LIMITS.events) return [];
  const [most] = elements.flatMap(tasksOf).sort((one, other) => eventsOf(other) - eventsOf(one));
  if (!most) return [];
  const cure = most.map ? 'lower its maxItems or retries' : 'split the DAG';
  return [
    `${most.id}: a run can reach ${events} events of ${LIMITS.events}, ${eventsOf(most)} of them by this task: ${cure}`,
  ];
}
