/** Failures after which a run can succeed all the same: no leaf, by which a run is judged, needs to see them. */
import type { Graph, GraphTask } from '#lib/dag/index.ts';
import { tasksReadBy } from './possible.ts';
import { RULES } from './trigger-rules.ts';

interface HiddenFailures {
  readonly leaf: string;
  /** Those before the leaf that can fail, and of which no leaf needs to see it. */
  readonly tasks: readonly string[];
}

export function hiddenFailures({ tasks, failFast }: Graph): HiddenFailures[] {
  if (failFast) return [];
  const behind = new Map(tasks.map(({ id }) => [id, tasks.filter(({ upstream }) => upstream.includes(id))]));
  // Tasks are in order: what waits for a task comes after it.
  const seen = new Set<string>();
  const leavesOf = new Map<string, ReadonlySet<string>>();
  for (const { id } of tasks.toReversed()) {
    const next = behind.get(id) ?? [];
    if (next.length === 0 || next.some((task) => seen.has(task.id) && handsOn(task, id))) seen.add(id);
    leavesOf.set(id, new Set(next.length === 0 ? [id] : next.flatMap((task) => [...(leavesOf.get(task.id) ?? [])])));
  }
  const hidden = tasks.filter(({ id, type }) => type !== null && !seen.has(id)).map(({ id }) => id);
  const leaves = tasks.filter(({ id }) => behind.get(id)?.length === 0);
  return leaves
    .map(({ id: leaf }) => ({ leaf, tasks: hidden.filter((id) => leavesOf.get(id)?.has(leaf)) }))
    .filter((found) => found.tasks.length > 0);
}

/**
 * Whether a task is upstream_failed wherever one that it waits for is a failure. A condition that does not read that one
 * may skip the task.
 */
function handsOn({ triggerRule, when }: GraphTask, upstream: string): boolean {
  const { runs, fails } = RULES[triggerRule];
  const asks = (statuses: readonly string[] = []) =>
    statuses.includes('failed') && statuses.includes('upstream_failed');
  return asks(runs.none) && asks(fails?.some) && when.every((condition) => tasksReadBy(condition).includes(upstream));
}
