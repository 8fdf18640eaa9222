/** What a rerun carries out, and what becomes of the tasks that it does not. */
import type { Clearing, Node } from '#lib/contract/begin-event.ts';
import type { RecordedStatus } from '#lib/contract/task-status.ts';

/** A run that is to be carried out again, seen by the DAG as it is now. */
export interface ClearedRun {
  readonly taskIds: readonly string[];
  /** Of each task. */
  readonly nodes: readonly Node[];
  /** What tasks came to: undefined of one that was cut off, absent of one that is new since. */
  readonly statuses: Readonly<Record<string, RecordedStatus | undefined>>;
  /** The tasks whose result is known. Of those that are mapped or empty nobody asks. */
  readonly results: ReadonlySet<string>;
}

export interface ClearingPlan {
  /** Those that are carried out, as far as the trigger rules let them. */
  readonly run: readonly string[];
  /** Those that give what they gave. */
  readonly reused: readonly string[];
  /** All others, with the status that they keep. */
  readonly kept: Readonly<Record<string, RecordedStatus>>;
  /** Those of `run` of which only the items run that have no result. */
  readonly resumed: readonly string[];
}

/** Tasks that the wish names and that are not there, or cannot be kept. */
export function problemsOf({ tasks = [], keep = [] }: Clearing, of: ClearedRun): string[] {
  const { taskIds, statuses } = of;
  const known = keep.filter((id) => taskIds.includes(id));
  return [
    ...[...tasks, ...keep].filter((id) => !taskIds.includes(id)).map((id) => `there is no task '${id}'`),
    ...known.filter((id) => tasks.includes(id)).map((id) => `'${id}' cannot both run again and be kept`),
    ...known
      .filter((id) => statuses[id] !== 'success' || isLost(of, id))
      .map((id) => `'${id}' has no result to keep: it is ${statuses[id] ?? 'not finished'}`),
  ];
}

export function planClearing(wish: Clearing, of: ClearedRun): ClearingPlan {
  const { failed, tasks = [], only, upstream, keep = [] } = wish;
  const { taskIds, statuses } = of;
  const { above, below } = edgesOf(of);
  const withAllBelow = (ids: readonly string[]) => (only ? new Set(ids) : reach(ids, below));

  const unfinished = failed ? taskIds.filter((id) => isUnfinished(statuses[id])) : [];
  const named = [...unfinished, ...tasks];
  const chosen = withAllBelow(upstream ? [...reach(named, above)] : named);
  // What is new since, or gave what nobody knows, is carried out with all that builds on it.
  const lost = taskIds.filter((id) => !chosen.has(id) && (!(id in statuses) || isLost(of, id)));
  const run = new Set([...chosen, ...withAllBelow(lost)].filter((id) => !keep.includes(id)));

  const others = taskIds.filter((id) => !run.has(id));
  const isResumed = (id: string) => kindOf(of, id) === 'mapped' && !tasks.includes(id) && !above(id).some(isRun);
  const isRun = (id: string) => run.has(id);
  return {
    run: taskIds.filter(isRun),
    reused: others.filter((id) => statuses[id] === 'success'),
    kept: Object.fromEntries(
      others.filter((id) => statuses[id] !== 'success').map((id) => [id, statuses[id] ?? 'not_run']),
    ),
    resumed: unfinished.filter((id) => isRun(id) && isResumed(id)),
  };
}

const isUnfinished = (status: RecordedStatus | undefined): boolean => status !== 'success' && status !== 'skipped';

const kindOf = ({ taskIds, nodes }: ClearedRun, id: string) => nodes[taskIds.indexOf(id)]?.kind;

function isLost(of: ClearedRun, id: string): boolean {
  const kind = kindOf(of, id);
  return of.statuses[id] === 'success' && kind !== 'mapped' && kind !== 'empty' && !of.results.has(id);
}

type Neighbours = (id: string) => readonly string[];

function edgesOf({ taskIds, nodes }: ClearedRun): { readonly above: Neighbours; readonly below: Neighbours } {
  const above = new Map(taskIds.map((id, at) => [id, (nodes[at]?.after ?? []).map((place) => taskIds[place] ?? '')]));
  const below = new Map(taskIds.map((id): [string, string[]] => [id, []]));
  for (const [id, ups] of above) for (const up of ups) below.get(up)?.push(id);
  return { above: (id) => above.get(id) ?? [], below: (id) => below.get(id) ?? [] };
}

/** Those, and all that they lead to. */
function reach(from: readonly string[], to: Neighbours): Set<string> {
  const found = new Set(from);
  for (const id of found) for (const next of to(id)) found.add(next);
  return found;
}
