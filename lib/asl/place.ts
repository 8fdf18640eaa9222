/** The places of a sequence, and what is known of their tasks on the ways that lead to them. */
import type { GraphTask } from '#lib/dag/index.ts';
import type { Decision, Possible } from './possible.ts';
import { type Element, isFork, tasksOf } from './series-parallel.ts';
import { type Recorded, recorded } from './way.ts';

/** An element of a sequence, with what is known on the ways that lead to it. */
export interface Place {
  readonly element: Element;
  readonly tasks: readonly GraphTask[];
  /** Those that wait for nothing else in the element. */
  readonly heads: readonly GraphTask[];
  /** Where it is open whether it runs. */
  gate?: Possible;
  /** Where it runs. */
  state?: Possible;
  /** The states that stand for both. */
  gateName?: string;
  stateName?: string;
}

export const isEmpty = (element: Element): element is GraphTask => !isFork(element) && element.type === null;

export function placeOf(element: Element): Place {
  const tasks = tasksOf(element);
  const ids = new Set(tasks.map(({ id }) => id));
  return { element, tasks, heads: tasks.filter(({ upstream }) => !upstream.some((id) => ids.has(id))) };
}

/** Notes that a way leads to an element, and gives what will be the name of the state that it leads to. */
export function arrive(place: Place, known: Possible): () => string {
  const kind = isOpen(place, known) ? 'gate' : 'state';
  place[kind] = known.or(place[kind]);
  return () => (kind === 'gate' ? place.gateName : place.stateName) ?? '';
}

export type Idle = readonly (readonly [GraphTask, Exclude<Decision, 'run'>])[];

/** What becomes of tasks none of which can run, noted in `known`; undefined, and nothing noted, where one may run. */
export function idleIn(tasks: readonly GraphTask[], known: Possible): Idle | undefined {
  const next = tasks.length > 1 ? known.copy() : known;
  const idle: [GraphTask, Exclude<Decision, 'run'>][] = [];
  for (const task of tasks) {
    const [decision, ...others] = next.decisions(task);
    if (!decision || decision === 'run' || others.length > 0) return undefined;
    next.set(task, decision);
    idle.push([task, decision]);
  }
  known.take(next, tasks);
  return idle;
}

/** What becomes of them, as it is recorded. */
export const recordedOf = (idle: Idle, { number }: Possible): Recorded =>
  [...idle]
    .sort(([one], [other]) => number(other) - number(one))
    .reduce<Recorded>((behind, [task, status]) => recorded(number(task), status, behind), []);

/** The same where this was decided of those that begin an element. */
export function idleAfter(
  { tasks, heads }: Pick<Place, 'tasks' | 'heads'>,
  known: Possible,
  decision: Exclude<Decision, 'run'>,
): Idle | undefined {
  const begin = new Set(heads);
  for (const task of heads) known.set(task, decision);
  const rest = idleIn(
    tasks.filter((task) => !begin.has(task)),
    known,
  );
  return rest && [...heads.map((task) => [task, decision] as const), ...rest];
}

/**
 * Whether one Choice decides of a whole element. Of a fork: where all that begin it ask the same, and none of its
 * tasks runs unless they do. Any other fork is entered, and decides within.
 */
export function isOpen({ element, tasks, heads }: Place, known: Possible): boolean {
  const [first, ...others] = heads;
  if (!first) return false;
  const decisions = known.decisions(first);
  if (decisions.length === 1) return false;
  if (!isFork(element)) return true;
  const asked = questionOf(first, known);
  if (others.some((head) => questionOf(head, known) !== asked)) return false;
  return decisions.every(
    (decision) =>
      decision === 'run' || idleAfter({ tasks, heads }, known.after(first, decision), decision) !== undefined,
  );
}

/** Tasks of which the same is asked come to the same decision. */
function questionOf({ triggerRule, upstream, when }: GraphTask, known: Possible): string {
  const statuses = upstream.map((id) => {
    const possible = known.of(id);
    return possible.length === 1 ? possible[0] : `of ${id}`;
  });
  return JSON.stringify([triggerRule, [...new Set(statuses)].sort(), when]);
}
