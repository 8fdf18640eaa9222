/** What is drawn of a DAG and of its machine, before anything is known of how. */
import type { StateMachine } from '#lib/asl/index.ts';
import type { Graph, GraphTask } from '#lib/dag/index.ts';

export interface Drawing {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** Whether edges lead from the left to the right, or from the top down. */
export type Direction = 'LR' | 'TB';

export interface Node {
  readonly id: string;
  /** Below the id: what kind of task it is, what is special about it. */
  readonly detail: string;
  readonly kind: 'task' | 'choice' | 'plain' | 'succeeded' | 'failed' | 'around';
  /** What the task came to in a run, where the drawing is of one. */
  readonly state?: string | undefined;
  /** What runs inside of it: the branches of a Parallel, the item of a Map. */
  readonly inside: readonly Drawing[];
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  /** Taken where something went wrong. */
  readonly isFailure: boolean;
}

export const drawingOfDag = ({ tasks }: Graph): Drawing => ({
  nodes: tasks.map((task) => ({
    id: task.id,
    detail: detailOf(task),
    kind: task.type === null ? 'plain' : 'task',
    inside: [],
  })),
  edges: tasks.flatMap(({ id, upstream }) => upstream.map((from) => ({ from, to: id, isFailure: false }))),
});

const detailOf = ({ type, map, triggerRule, when }: GraphTask): string =>
  [
    `${type ?? 'empty'}${map ? ', for each item' : ''}`,
    ...(triggerRule === 'all_success' ? [] : [triggerRule]),
    ...(when.length > 0 ? [`if ${when.map(told).join(' and ')}`] : []),
  ].join(', ');

/** A condition as a person would write it. */
function told(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if ('$ref' in value) return (value.$ref as string[]).join('.');
  const { $op, args } = value as { $op: string; args: unknown[] };
  const parts = args.map(told);
  return $op === 'not' ? `not (${parts[0]})` : parts.join(` ${OPERATORS[$op] ?? $op} `);
}

const OPERATORS: Readonly<Record<string, string>> = { eq: '=', gt: '>' };

/** What is read of a state. */
interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly Next: string }[];
  readonly Branches?: readonly Part[];
  readonly ItemProcessor?: Part & { readonly ProcessorConfig?: { readonly Mode: string } };
}
interface Part {
  readonly States: Readonly<Record<string, State>>;
}

/** The drawing of a run: with what each of its tasks came to. */
export const withStates = ({ nodes, edges }: Drawing, states: ReadonlyMap<string, string>): Drawing => ({
  nodes: nodes.map((node) => ({
    ...node,
    state: states.get(node.id),
    inside: node.inside.map((part) => withStates(part, states)),
  })),
  edges,
});

/** Whether it is of a run. */
export const isOfRun = ({ nodes }: Drawing): boolean =>
  nodes.some(({ state, inside }) => state !== undefined || inside.some(isOfRun));

export const drawingOfMachine = (machine: StateMachine): Drawing => drawingOfPart(machine as unknown as Part);

const drawingOfPart = ({ States }: Part): Drawing => ({
  nodes: Object.entries(States).map(([id, state]) => nodeOf(id, state)),
  edges: Object.entries(States).flatMap(([id, state]) => edgesOf(id, state)),
});

const KINDS: Readonly<Record<string, Node['kind']>> = {
  Task: 'task',
  Choice: 'choice',
  Succeed: 'succeeded',
  Fail: 'failed',
  Parallel: 'around',
  Map: 'around',
};

const nodeOf = (id: string, { Type, Branches = [], ItemProcessor }: State): Node => ({
  id,
  detail: ItemProcessor?.ProcessorConfig?.Mode === 'DISTRIBUTED' ? 'distributed Map' : Type,
  kind: KINDS[Type] ?? 'plain',
  inside: [...Branches, ...(ItemProcessor ? [ItemProcessor] : [])].map(drawingOfPart),
});

function edgesOf(from: string, { Next, Default, Choices = [], Catch = [] }: State): Edge[] {
  const ways = [Next, ...Choices.map((choice) => choice.Next), Default].filter((to) => to !== undefined);
  const failures = Catch.map((caught) => caught.Next).filter((to) => !ways.includes(to));
  const edge = (isFailure: boolean) => (to: string) => ({ from, to, isFailure });
  return [...new Set(ways)].map(edge(false)).concat([...new Set(failures)].map(edge(true)));
}
