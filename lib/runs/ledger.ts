/** The results of a run's tasks: what an attempt wrote here is what counts. */
import * as z from 'zod';
import { type MappedOutputs, mappedOutputs, type Run, type TaskOfRun } from '#lib/contract/envelope.ts';
import { NoSnapshot, Transient } from '../contract/errors.ts';
import { documents } from './document.ts';
import { isItemKey, lastClearingOf, ledgerKey, ledgerOf, ledgerOfRun, ledgerPrefix, runsBefore } from './keys.ts';
import type { Store } from './store.ts';

const taskResult = z.object({ output: z.unknown(), attempt: z.int() });
/** What a task gave, and in which attempt. */
export type TaskResult = z.output<typeof taskResult>;

const taskResults = documents({
  name: 'the result of a task',
  schema: taskResult,
  remedy: 'Remove the object and run that date again.',
});

type Place = Pick<Run, 'dagId' | 'runId' | 'clearing'>;

/** What a run's task gave in an earlier attempt, if one succeeded. */
export async function recall(store: Store, run: Place, task: TaskOfRun): Promise<TaskResult | undefined> {
  return (await taskResults.read(store, ledgerKey(run, task)))?.value;
}

/**
 * What the task gave the last time that it succeeded in this run, before its tasks were cleared.
 * @throws NoSnapshot where it never did
 */
export async function earlierOutput(store: Store, run: Run, task: TaskOfRun): Promise<unknown> {
  for (let clearing = run.clearing - 1; clearing > 0; clearing--) {
    const found = await recall(store, { ...run, clearing }, task);
    if (found) return found.output;
  }
  throw new NoSnapshot(
    `${run.dagId} has no snapshot of ${run.logicalDate}: task '${task.id}' has no earlier result in that run to go from. ` +
      'No table was touched. Run the newest date from its source.',
  );
}

/** Runs that are looked through for an output. */
const MOST_RUNS = 100;

/** What the task gave the last time before: in an earlier clearing of this run, else in the runs before it. */
export async function latestOutput(store: Store, run: Run, task: TaskOfRun): Promise<unknown> {
  const before = runsBefore(run, await store.folders(ledgerOf(run.dagId))).slice(0, MOST_RUNS);
  const clearings = async function* () {
    for (let clearing = run.clearing - 1; clearing > 0; clearing--) yield { ...run, clearing };
    for (const one of before) yield { ...one, clearing: await lastClearing(store, one) };
  };
  for await (const one of clearings()) {
    const found = await recall(store, one, task);
    if (found) return found.output;
  }
  return undefined;
}

/** The number of the last clearing of a run in which a task had a result; 0 where there is none. */
export const lastClearing = async (store: Store, run: Pick<Run, 'dagId' | 'runId'>): Promise<number> =>
  lastClearingOf(await store.folders(ledgerOfRun(run)));

/** Makes an output the task's result, or gives the result that another attempt made it before. */
export async function settle(store: Store, at: { run: Place; task: TaskOfRun }, output: unknown): Promise<unknown> {
  const written = await taskResults.create(store, ledgerKey(at.run, at.task), { output, attempt: at.task.attempt });
  return written.written || !written.found ? output : written.found.value.output;
}

/** Those of some tasks of a run that have a result. */
export async function tasksWithResult(store: Store, run: Place, taskIds: readonly string[]): Promise<Set<string>> {
  const keys = new Set(await store.list(ledgerPrefix(run, '')));
  return new Set(taskIds.filter((id) => keys.has(ledgerKey(run, { id, attempt: 1 }))));
}

/** The results of a mapped task's items. */
export async function resultsOfItems(store: Store, run: Place, taskId: string): Promise<TaskResult[]> {
  const keys = await store.list(`${ledgerPrefix(run, taskId)}/`);
  const items = keys.filter((key) => isItemKey(run, taskId, key));
  return (await inTurns(items, (key) => taskResults.read(store, key))).flatMap((found) => found?.value ?? []);
}

/**
 * An input in which each `{"$mapped": {task, count, items}}` is the list of that task's outputs, by index.
 * @throws Transient where the ledger holds fewer of them. It may hold more: of an item that failed after its result was
 * written, which counts.
 */
export async function withMapped(store: Store, run: Place, input: unknown): Promise<unknown> {
  const mapped = mappedOutputs.safeParse(input);
  if (mapped.success) return outputs(store, run, mapped.data.$mapped);
  if (Array.isArray(input)) return Promise.all(input.map((item) => withMapped(store, run, item)));
  if (typeof input !== 'object' || input === null) return input;
  const fields = Object.entries(input).map(async ([name, value]) => [name, await withMapped(store, run, value)]);
  return Object.fromEntries(await Promise.all(fields));
}

const READS_AT_ONCE = 32;

/** Reads some at a time, in order. */
export async function inTurns<T, R>(items: readonly T[], read: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += READS_AT_ONCE)
    results.push(...(await Promise.all(items.slice(from, from + READS_AT_ONCE).map(read))));
  return results;
}

async function outputs(store: Store, run: Place, { task, count, items }: MappedOutputs['$mapped']) {
  const indexes = Array.from({ length: items }, (_, index) => index);
  const results = await inTurns(indexes, (index) => recall(store, run, { id: task, index, attempt: 1 }));
  const found = results.filter((result) => result !== undefined);
  if (found.length >= count) return found.map(({ output }) => output);
  throw new Transient(
    `Reading the outputs of the mapped task '${task}' under ${ledgerPrefix(run, task)}/: ` +
      `${found.length} of its ${items} items have one, and ${count} succeeded.`,
  );
}
