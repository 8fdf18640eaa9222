/** A graph as sequences and forks: what can be told as "this, then these side by side, then that". */
import type { Graph, GraphTask } from '#lib/dag/index.ts';

/** One place in a sequence. */
export type Element = GraphTask | Fork;
export interface Fork {
  readonly branches: readonly (readonly Element[])[];
}
export const isFork = (element: Element): element is Fork => 'branches' in element;

/** The tasks of an element in order, those of all its branches included. */
export const tasksOf = (element: Element): GraphTask[] =>
  isFork(element) ? element.branches.flatMap((branch) => branch.flatMap(tasksOf)) : [element];

/** A task that begins later than its upstreams would let it, since a barrier holds it back. */
export interface AddedWait {
  readonly task: string;
  /** Tasks that it waits for though nothing says so, with all that they wait for. */
  readonly waitsFor: readonly string[];
}

export interface Sequenced {
  readonly elements: readonly Element[];
  readonly waits: readonly AddedWait[];
}

/**
 * The graph as a sequence. Each element begins when all of the one before has ended. For a series-parallel graph this
 * is exactly when its tasks' upstreams have; the irreducible rest of any other is cut in two where that makes the
 * fewest tasks wait, and each half told by itself.
 */
export function sequenceOf({ tasks }: Graph): Sequenced {
  const order = new Order(tasks);
  const waits: AddedWait[] = [];

  const sequence = (among: readonly GraphTask[]): Element[] => {
    const elements: Element[] = [];
    for (const part of order.inSeries(among, waits)) {
      const [only] = part;
      if (only && part.length === 1) elements.push(only);
      else elements.push({ branches: order.sideBySide(part).map(sequence) });
    }
    return elements;
  };

  return { elements: sequence(tasks), waits };
}

/** Tasks by their edges. Among tasks that are looked at together, whatever lies between two of them is there too. */
class Order {
  readonly #upstream = new Map<GraphTask, readonly GraphTask[]>();
  readonly #downstream = new Map<GraphTask, GraphTask[]>();
  /** The longest way from a task without upstreams. */
  readonly #depth = new Map<GraphTask, number>();

  constructor(tasks: readonly GraphTask[]) {
    const byId = new Map(tasks.map((task) => [task.id, task]));
    for (const task of tasks) {
      const upstream = [...new Set(task.upstream)].map((id) => byId.get(id) as GraphTask);
      this.#upstream.set(task, upstream);
      this.#downstream.set(task, []);
      for (const need of upstream) this.#downstream.get(need)?.push(task);
      this.#depth.set(task, 1 + Math.max(-1, ...upstream.map((need) => this.#depth.get(need) ?? 0)));
    }
  }

  /** The tasks in groups between which there is no order. */
  sideBySide(among: readonly GraphTask[]): GraphTask[][] {
    const left = new Set(among);
    const groupOf = new Map<GraphTask, GraphTask[]>();
    for (const first of among) {
      if (!left.has(first)) continue;
      const group: GraphTask[] = [];
      for (const task of this.#connected(first, left)) groupOf.set(task, group);
    }
    for (const task of among) groupOf.get(task)?.push(task);
    return [...new Set(groupOf.values())];
  }

  /**
   * The tasks in parts of which each can only begin when the one before has ended; a part is one task, or falls apart
   * side by side. Where nothing else helps, a barrier makes two parts.
   */
  inSeries(among: readonly GraphTask[], waits: AddedWait[]): GraphTask[][] {
    const series = this.#cuts(among).filter(({ missing }) => missing === 0);
    return this.#split(among, series).flatMap((part) => {
      if (part.length === 1 || this.sideBySide(part).length > 1) return [part];
      const halves = this.#split(part, [best(this.#cuts(part))]);
      waits.push(...this.#added(halves));
      return halves.flatMap((half) => this.inSeries(half, waits));
    });
  }

  /** Takes those out of `left` that some way of edges within it leads to, in whatever direction. */
  #connected(first: GraphTask, left: Set<GraphTask>): readonly GraphTask[] {
    left.delete(first);
    const found = [first];
    for (const task of found) {
      for (const next of this.#neighbours(task)) if (left.delete(next)) found.push(next);
    }
    return found;
  }

  #neighbours = (task: GraphTask): GraphTask[] => [...this.#up(task), ...this.#down(task)];
  #up = (task: GraphTask): readonly GraphTask[] => this.#upstream.get(task) ?? [];
  #down = (task: GraphTask): readonly GraphTask[] => this.#downstream.get(task) ?? [];
  #depthOf = (task: GraphTask): number => this.#depth.get(task) ?? 0;

  #split(among: readonly GraphTask[], cuts: readonly Cut[]): GraphTask[][] {
    const parts: GraphTask[][] = [[], ...cuts.map(() => [])];
    const partOf = new Map<number, number>();
    let part = 0;
    for (const depth of new Set(among.map(this.#depthOf).sort((one, other) => one - other))) {
      while (part < cuts.length && depth > (cuts[part]?.depth ?? 0)) part++;
      partOf.set(depth, part);
    }
    for (const task of among) parts[partOf.get(this.#depthOf(task)) ?? 0]?.push(task);
    return parts;
  }

  /** Every place between two depths, in order, with the pairs across it that nothing orders. */
  #cuts(among: readonly GraphTask[]): Cut[] {
    const inside = new Set(among);
    const missing = new Map(among.map((task) => [task, this.#up(task).filter((need) => inside.has(need)).length]));
    /** Before the cut: those that none waits for. Behind it: those that wait for none. Between them: edges. */
    const last = new Set<GraphTask>();
    const first = new Set(among.filter((task) => missing.get(task) === 0));
    let edges = 0;
    const pass = (task: GraphTask): void => {
      first.delete(task);
      edges -= count(this.#up(task), last);
      for (const need of this.#up(task)) if (last.delete(need)) edges -= count(this.#down(need), first);
      last.add(task);
      for (const next of this.#down(task)) {
        const left = (missing.get(next) ?? 0) - 1;
        missing.set(next, left);
        if (left !== 0) continue;
        first.add(next);
        edges += count(this.#up(next), last);
      }
    };
    const sorted = among.toSorted((one, other) => this.#depthOf(one) - this.#depthOf(other));
    return sorted.slice(0, -1).flatMap((task, index) => {
      pass(task);
      const depth = this.#depthOf(task);
      const isBetween = depth < this.#depthOf(sorted[index + 1] as GraphTask);
      const left = Math.min(index + 1, among.length - index - 1);
      return isBetween ? [{ depth, missing: last.size * first.size - edges, left }] : [];
    });
  }

  #added([before = [], behind = []]: readonly GraphTask[][]): AddedWait[] {
    const [earlier, later] = [new Set(before), new Set(behind)];
    const last = before.filter((task) => count(this.#down(task), earlier) === 0);
    const first = behind.filter((task) => count(this.#up(task), later) === 0);
    return first.flatMap((task) => {
      const added = last.filter((other) => !this.#up(task).includes(other));
      return added.length > 0 ? [{ task: task.id, waitsFor: added.map(({ id }) => id) }] : [];
    });
  }
}

interface Cut {
  /** Of the deepest tasks before it. */
  readonly depth: number;
  /** Pairs of a task that could be last before it and one that could be first behind it, without an edge. */
  readonly missing: number;
  /** Tasks in the smaller of its halves. */
  readonly left: number;
}

/** The one that makes the fewest wait; of several the most even one. */
const best = (cuts: readonly Cut[]): Cut =>
  cuts.reduce((one, other) =>
    other.missing < one.missing || (other.missing === one.missing && other.left > one.left) ? other : one,
  );

const count = (tasks: readonly GraphTask[], among: ReadonlySet<GraphTask>): number =>
  tasks.reduce((sum, task) => sum + (among.has(task) ? 1 : 0), 0);
