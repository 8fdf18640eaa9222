/** What becomes of every task in a rerun, from what the documentation says and without a record or a ledger. */
import type { Clearing } from '#lib/contract/begin-event.ts';
import type { RecordedStatus } from '#lib/contract/task-status.ts';
import type { Graph, GraphTask } from '#lib/dag/index.ts';
import { decided, endOfItems, type Outcome, type Status, type Value } from './reference.ts';

type Outcomes = ReadonlyMap<string, Outcome>;
type ItemEnd = Outcome['ends'];

/** What a run has left. */
export interface Past {
  readonly statuses: Readonly<Record<string, RecordedStatus>>;
  readonly outputs: Readonly<Record<string, Outcome['output'] | undefined>>;
  /** Of mapped tasks: their items that succeeded or were skipped, by place. */
  readonly items: Readonly<Record<string, readonly (ItemEnd | undefined)[]>>;
}

export interface Rerun extends Past {
  readonly run: 'success' | 'failed';
  /** What did work: tasks, and of mapped ones `task[place]`. */
  readonly worked: readonly string[];
}

interface Wanted {
  readonly graph: Graph;
  readonly past: Past | undefined;
  /** Without it everything runs. */
  readonly wish: Clearing | undefined;
  readonly outcomes: Outcomes;
  readonly params: Readonly<Record<string, unknown>>;
}

export function expectedRerun({ graph, past, wish, outcomes, params }: Wanted): Rerun {
  const choice = choiceOf(graph, past, wish);
  const worked: string[] = [];
  const outputs: Record<string, Outcome['output'] | undefined> = {};
  const items: Record<string, readonly (ItemEnd | undefined)[]> = {};
  const former = (id: string) => past?.statuses[id] as RecordedStatus;
  for (const { id } of graph.tasks) {
    outputs[id] = choice.runs(id) ? outcomes.get(id)?.output : past?.outputs[id];
    items[id] = choice.runs(id) && !choice.resumes(id) ? [] : (past?.items[id] ?? []);
  }
  const endOf = (task: GraphTask, value: Value): Status => {
    const { id } = task;
    const outcome = outcomes.get(id) as Outcome;
    if (task.type === null) return 'success';
    if (!task.map) {
      if (!choice.runs(id)) return seen(former(id));
      worked.push(id);
      return outcome.ends;
    }
    const list = value((task.map.over as { $ref: string[] }).$ref);
    if (!Array.isArray(list)) return 'failed';
    const ends = list.map((_, at): ItemEnd => {
      const known = items[id]?.[at];
      if (known !== undefined) return known;
      if (!choice.runs(id) && former(id) !== 'success') return former(id) === 'skipped' ? 'skipped' : 'failed';
      worked.push(`${id}[${at}]`);
      return outcome.items[at] ?? 'success';
    });
    items[id] = ends.map((end, at) => (end === 'failed' ? items[id]?.[at] : known(end, { worked, at, id, items })));
    return endOfItems(task.map, ends);
  };
  const { run, tasks } = decided(graph, { params, outputOf: (id) => outputs[id], endOf });
  const statuses = Object.entries(tasks).map(([id, status]): [string, RecordedStatus] => {
    const isLeft = !choice.runs(id) && status === 'failed' && former(id) !== 'success';
    return [id, isLeft ? former(id) : status];
  });
  return { run, statuses: Object.fromEntries(statuses), outputs, items, worked };
}

interface AtItem {
  readonly worked: readonly string[];
  readonly at: number;
  readonly id: string;
  readonly items: Readonly<Record<string, readonly (ItemEnd | undefined)[]>>;
}

/** An item that only kept its task's status has left nothing of its own. */
const known = (end: ItemEnd, { worked, at, id, items }: AtItem): ItemEnd | undefined =>
  worked.includes(`${id}[${at}]`) ? end : items[id]?.[at];

/** As the machine sees it: what kept another status cannot run. */
const seen = (status: RecordedStatus): Status => (status === 'success' || status === 'skipped' ? status : 'failed');

function choiceOf({ tasks }: Graph, past: Past | undefined, wish: Clearing | undefined) {
  const upOf = (id: string) => tasks.find((task) => task.id === id)?.upstream ?? [];
  if (!past || !wish) return { runs: () => true, resumes: () => false };
  const isUnfinished = (id: string) => !['success', 'skipped'].includes(past.statuses[id] as string);
  const isNamed = (id: string) => wish.tasks?.includes(id) || (wish.failed && isUnfinished(id)) || false;
  const leadsTo = (from: string, isGoal: (id: string) => boolean): boolean =>
    tasks.some(({ id, upstream }) => upstream.includes(from) && (isGoal(id) || leadsTo(id, isGoal)));
  const isChosen = (id: string) => isNamed(id) || (wish.upstream === true && leadsTo(id, isNamed));
  const chosen = new Set(tasks.map(({ id }) => id).filter(isChosen));
  const isBelow = (id: string): boolean => upOf(id).some((up) => chosen.has(up) || isBelow(up));
  const runs = (id: string): boolean => (chosen.has(id) || (!wish.only && isBelow(id))) && !wish.keep?.includes(id);
  const resumes = (id: string): boolean =>
    wish.failed === true && isUnfinished(id) && !wish.tasks?.includes(id) && !upOf(id).some(runs);
  return { runs, resumes };
}
