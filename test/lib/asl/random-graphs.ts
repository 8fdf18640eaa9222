/** Random series-parallel graphs with outcomes, and what their tasks' statuses must be. */
import * as fc from 'fast-check';
import type { Graph, GraphTask } from '#lib/dag/index.ts';
import { graphOf } from './machines.ts';

type Outcome = 'success' | 'failed';
type Leaf = { kind: 'task' | 'empty' | 'map'; outcome: Outcome; items: Outcome[]; picks: number[]; hyphen: boolean };
type Tree = { leaf: Leaf } | { series: Tree[] } | { parallel: Tree[] };

const outcome = fc.constantFrom<Outcome>('success', 'success', 'success', 'failed');
const leaf = fc.record({
  kind: fc.constantFrom<Leaf['kind']>('task', 'task', 'task', 'empty', 'map'),
  outcome,
  items: fc.array(outcome, { maxLength: 3 }),
  picks: fc.array(fc.nat(1000), { maxLength: 3 }),
  hyphen: fc.boolean(),
});

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'tree' },
    { weight: 1, arbitrary: fc.record({ leaf }) },
    { weight: 2, arbitrary: fc.record({ series: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }) }) },
    { weight: 2, arbitrary: fc.record({ parallel: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }) }) },
  ),
}));

/** A graph, and how each of its tasks, or each of a mapped task's items, ends. */
export interface RandomGraph {
  readonly graph: Graph;
  readonly outcomes: ReadonlyMap<string, readonly Outcome[]>;
}

export const randomGraph: fc.Arbitrary<RandomGraph> = tree.map((root) => {
  const tasks: GraphTask[] = [];
  const outcomes = new Map<string, readonly Outcome[]>();
  place(root, { before: [], tasks, outcomes });
  return { graph: graphOf(tasks), outcomes };
});

interface Placing {
  /** The tasks that those of the tree wait for. */
  before: readonly string[];
  tasks: GraphTask[];
  outcomes: Map<string, readonly Outcome[]>;
}

/** Places a tree's tasks, and gives those that nothing in it waits for. */
function place(node: Tree, placing: Placing): readonly string[] {
  if ('parallel' in node) return node.parallel.flatMap((branch) => place(branch, placing));
  if ('series' in node) {
    return node.series.reduce<readonly string[]>((before, part) => place(part, { ...placing, before }), placing.before);
  }
  return [placeLeaf(node.leaf, placing)];
}

function placeLeaf(leaf: Leaf, { before, tasks, outcomes }: Placing): string {
  const id = `t${leaf.hyphen ? '-' : '_'}${tasks.length}`;
  const above = ancestorsOf(tasks, before).filter((task) => task.type !== null);
  const picked = leaf.picks.map((pick) => above[pick % (above.length || 1)]).filter((task) => task !== undefined);
  const list = picked.find((task) => task.map === null);
  const input = Object.fromEntries(picked.map((task) => [task.id, { $ref: [task.id] }]));
  tasks.push(
    graphOf([
      {
        id,
        type: leaf.kind === 'empty' ? null : 'probe',
        // An edge more to an ancestor changes nothing.
        upstream: [...new Set([...before, ...picked.map((task) => task.id)])],
        input,
        map:
          leaf.kind === 'map'
            ? { over: { $ref: list ? [list.id, 'names'] : ['@params', 'list'] }, maxItems: 5, maxConcurrency: 2 }
            : null,
      },
    ]).tasks[0] as GraphTask,
  );
  const perItem = list ? NAMES.map((_, index) => leaf.items[index] ?? 'success') : (['success', leaf.outcome] as const);
  outcomes.set(id, leaf.kind === 'map' ? perItem : [leaf.kind === 'empty' ? 'success' : leaf.outcome]);
  return id;
}

/** The items that every task's output lists. */
export const NAMES = ['i', 'j', 'k'];

function ancestorsOf(tasks: readonly GraphTask[], ids: readonly string[]): GraphTask[] {
  const found = new Set(tasks.filter(({ id }) => ids.includes(id)));
  for (const task of found) for (const up of tasks) if (task.upstream.includes(up.id)) found.add(up);
  return [...found];
}

/** The statuses, read straight from the rule: a task runs when all that it waits for succeeded. */
export function statusesByRule({ graph, outcomes }: RandomGraph): Record<string, string> {
  const statuses: Record<string, string> = {};
  for (const { id, upstream } of graph.tasks) {
    const blocked = upstream.some((up) => statuses[up] !== 'success');
    const failed = outcomes.get(id)?.includes('failed');
    statuses[id] = blocked ? 'upstream_failed' : failed ? 'failed' : 'success';
  }
  return statuses;
}
