/** A graph as sequences and forks: what can be told as "this, then these side by side, then that". */
import type { Graph, GraphTask } from '#lib/dag/index.ts';
import { AslError } from './errors.ts';

/** One place in a sequence. */
export type Element = GraphTask | Fork;
export interface Fork {
  readonly branches: readonly (readonly Element[])[];
}
export const isFork = (element: Element): element is Fork => 'branches' in element;

/** The tasks of an element, those of all its branches included. */
export const tasksOf = (element: Element): GraphTask[] =>
  isFork(element) ? element.branches.flatMap((branch) => branch.flatMap(tasksOf)) : [element];

/** An element of tasks that do nothing cannot fail. */
export const canFail = (element: Element): boolean => tasksOf(element).some(({ type }) => type !== null);

type Before = (one: GraphTask, other: GraphTask) => boolean;

/**
 * The graph as a sequence. Each element begins when all of the one before has ended, which for a series-parallel
 * graph is exactly when its tasks' upstreams have.
 *
 * @throws AslError that names four tasks whose order cannot be told so
 */
export function sequenceOf({ id, tasks }: Graph): Element[] {
  const ancestors = ancestorsOf(tasks);
  const before: Before = (one, other) => ancestors.get(other.id)?.has(one.id) ?? false;
  const ordered: Before = (one, other) => before(one, other) || before(other, one);

  const sequence = (among: readonly GraphTask[]): Element[] =>
    components(among, (one, other) => !ordered(one, other))
      .sort(([one], [other]) => (one && other && before(one, other) ? -1 : 1))
      .map(element);

  const element = (among: readonly GraphTask[]): Element => {
    const [only, ...others] = among;
    if (only && others.length === 0) return only;
    const branches = components(among, ordered);
    if (branches.length === 1) throw new AslError(id, [crossing(among, before)]);
    return { branches: branches.map(sequence) };
  };

  return sequence(tasks);
}

/** Relies on the graph's order: a task comes after those that it waits for. */
function ancestorsOf(tasks: readonly GraphTask[]): Map<string, Set<string>> {
  const ancestors = new Map<string, Set<string>>();
  for (const { id, upstream } of tasks) {
    ancestors.set(id, new Set(upstream.flatMap((need) => [need, ...(ancestors.get(need) ?? [])])));
  }
  return ancestors;
}

/** The tasks in groups between which nothing is adjacent, in the order of their first tasks. */
function components(tasks: readonly GraphTask[], adjacent: Before): GraphTask[][] {
  const left = new Set(tasks);
  const reach = (first: GraphTask): Set<GraphTask> => {
    const component = new Set([first]);
    for (const member of component) {
      const found = [...left].filter((task) => adjacent(member, task));
      for (const task of found) component.add(task);
      for (const task of found) left.delete(task);
    }
    return component;
  };
  return tasks.flatMap((first) => {
    if (!left.delete(first)) return [];
    const component = reach(first);
    return [tasks.filter((task) => component.has(task))];
  });
}

/** A graph that is not series-parallel has four tasks in the order of an N; whoever reads the error needs just them. */
function crossing(tasks: readonly GraphTask[], before: Before): string {
  const apart = (one: GraphTask, other: GraphTask) => one !== other && !before(one, other) && !before(other, one);
  for (const b of tasks) {
    const after = tasks.filter((task) => before(b, task));
    for (const c of after) {
      for (const d of after.filter((task) => apart(c, task))) {
        const a = tasks.find((task) => before(task, c) && apart(task, b) && !before(task, d));
        if (a) return describe(a.id, b.id, { both: c.id, one: d.id });
      }
    }
  }
  throw new Error('A graph that is neither in series nor parallel has a crossing.');
}

const describe = (a: string, b: string, { both, one }: { both: string; one: string }): string =>
  `${both} waits for ${a} and ${b}, but ${one} waits for ${b} alone: such a crossing cannot be compiled yet. ` +
  `Let ${one} wait for ${a} too (.after), or take ${both} apart`;
