/** From order between groups to order between tasks. */
import { type Node, within } from './node.ts';
import { Task } from './task.ts';

/** What holds for a task, the groups that it begins included. */
export interface Order {
  readonly upstream: ReadonlySet<Task>;
  /** The task, and those groups around it that begin with it: their conditions are its conditions. */
  readonly begins: readonly Node[];
}

/** The order of all tasks in a node, as written. */
export function ordersOf(dag: Node): Map<Task, Order> {
  const ends = new Map<Node, Ends>();
  const endsOf = (node: Node): Ends => {
    const known = ends.get(node) ?? findEnds(node);
    ends.set(node, known);
    return known;
  };
  return new Map(
    tasksIn(dag).map((task) => {
      const begins = path(task).filter((node) => endsOf(node).first.has(task));
      const waits = begins.flatMap((node) => [...node.waitsFor()]);
      return [task, { upstream: new Set(waits.flatMap((node) => [...endsOf(node).last])), begins }];
    }),
  );
}

interface Ends {
  /** Those of a node's tasks that wait for nothing else in it. */
  readonly first: ReadonlySet<Task>;
  /** Those that nothing else in it waits for. */
  readonly last: ReadonlySet<Task>;
}

function findEnds(node: Node): Ends {
  if (node instanceof Task) return { first: new Set([node]), last: new Set([node]) };
  const inside = new Set(within(node));
  const waiting = [...inside].filter((inner) => inner !== node && [...inner.waitsFor()].some((one) => inside.has(one)));
  const waitedFor = [...inside].flatMap((inner) => (inner === node ? [] : [...inner.waitsFor()]));
  const apart = (from: readonly Node[]) => {
    const found = new Set(from);
    return new Set(tasksIn(node).filter((task) => !path(task, node).some((step) => found.has(step))));
  };
  return { first: apart(waiting), last: apart(waitedFor) };
}

export const tasksIn = (node: Node): Task[] => within(node).filter((inner) => inner instanceof Task);

/** The node and the groups around it, up to but not including `limit` or the DAG. */
const path = (node: Node, limit?: Node): Node[] =>
  node === limit || !node.parent ? [] : [node, ...path(node.parent, limit)];
