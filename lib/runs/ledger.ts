/** The results of a run's tasks: what an attempt wrote here is what counts. */
import * as z from 'zod';
import { type MappedOutputs, mappedOutputs, type Run, type TaskOfRun } from '#lib/contract/envelope.ts';
import { NoSnapshot, Transient } from '../contract/errors.ts';
import { documents } from './document.ts';
import {
  itemKeysIn,
  itemPrefix,
  lastClearingOf,
  ledgerKey,
  ledgerOf,
  ledgerOfRun,
  ledgerPrefix,
  runsBefore,
} from './keys.ts';
import type { Store } from './store.ts';

const taskResult = z.object({
  output: z.unknown(),
  attempt: z.int(),
  /** Of a mapped task's item that is skipped: why. It has no output. */
  skipped: z.string().optional(),
  /** Nobody worked for it: it was said to be so. */
  marked: z.literal(true).optional(),
  /** In which it was carried out, where that was an earlier one. */
  clearing: z.int().optional(),
});
/** What a task gave, and in which attempt. */
export type TaskResult = z.output<typeof taskResult>;

const taskResults = documents({
  name: 'the result of a task',
  schema: taskResult,
  remedy: 'Remove the object and run that date again.',
});

type Place = Pick<Run, 'dagId' | 'runId' | 'clearing'>;

interface Attempted {
  readonly run: Place;
  readonly task: TaskOfRun;
}

/** What a run's task gave in an earlier attempt, if one succeeded. */
export async function recall(store: Store, run: Place, task: TaskOfRun): Promise<TaskResult | undefined> {
  return (await taskResults.read(store, ledgerKey(run, task)))?.value;
}

/**
 * Carries the result of a mapped task's item over from the clearing before in which it has one, wherever the item, or
 * one that is equal, stood in the list by then.
 * @param since the first clearing whose results count
 */
export async function carryItemOver(
  store: Store,
  run: Place,
  { task, since }: { readonly task: TaskOfRun; readonly since: number },
): Promise<TaskResult | undefined> {
  for (let clearing = run.clearing - 1; clearing >= since; clearing--) {
    const before = { ...run, clearing };
    const found = (await recall(store, before, task)) ?? (await equalItem(store, before, task));
    if (!found) continue;
    const carried = { ...found, clearing: found.clearing ?? clearing };
    const written = await taskResults.create(store, ledgerKey(run, task), carried);
    return written.written || !written.found ? carried : written.found.value;
  }
  return undefined;
}

async function equalItem(store: Store, run: Place, task: TaskOfRun): Promise<TaskResult | undefined> {
  const [key] = itemKeysIn(run, task.id, await store.list(itemPrefix(run, task)));
  return key === undefined ? undefined : (await taskResults.read(store, key))?.value;
}

/** Makes what tasks gave in one clearing their results in the next. Those that have none are left out. */
export async function carryOver(store: Store, run: Place, taskIds: readonly string[]): Promise<void> {
  const from = run.clearing - 1;
  await inTurns(taskIds, async (id) => {
    const found = await recall(store, { ...run, clearing: from }, { id, attempt: 1 });
    if (!found) return;
    const carried = { ...found, clearing: found.clearing ?? from };
    await taskResults.create(store, ledgerKey(run, { id, attempt: 1 }), carried);
  });
}

/** Whether what a task did in one clearing of a run stands: it was not to be carried out again since. */
export async function isLatest(
  store: Store,
  run: Pick<Run, 'dagId' | 'runId'>,
  { task, clearing }: { readonly task: TaskOfRun; readonly clearing: number },
): Promise<boolean> {
  return (await lastClearing(store, run)) === clearing || (await carriedOutIn(store, run, task)) === clearing;
}

/** The clearing in which a task was carried out whose result counts in the last one; undefined where none does. */
export async function carriedOutIn(
  store: Store,
  run: Pick<Run, 'dagId' | 'runId'>,
  task: TaskOfRun,
): Promise<number | undefined> {
  const clearing = await lastClearing(store, run);
  const found = await recall(store, { ...run, clearing }, task);
  return found && (found.clearing ?? clearing);
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
const lastClearing = async (store: Store, run: Pick<Run, 'dagId' | 'runId'>): Promise<number> =>
  lastClearingOf(await store.folders(ledgerOfRun(run)));

/**
 * Makes an output the task's result, or gives the result that another attempt made it before. One that was carried over
 * from an earlier clearing is replaced: who works all the same could not take it.
 */
export async function settle(store: Store, at: Attempted, output: unknown): Promise<unknown> {
  const key = ledgerKey(at.run, at.task);
  const value = { output, attempt: at.task.attempt };
  const created = await taskResults.create(store, key, value);
  const isCarried = !created.written && created.found?.value.clearing !== undefined;
  const written = isCarried ? await taskResults.replace(store, key, { ...created.found, value }) : created;
  return written.written || !written.found ? output : written.found.value.output;
}

/** Keeps that an item is skipped, unless it has a result. Of a task that is not mapped its run's record tells it. */
export async function settleSkip(store: Store, { run, task }: Attempted, skipped: string): Promise<void> {
  if (task.index === undefined) return;
  await taskResults.create(store, ledgerKey(run, task), { output: null, attempt: task.attempt, skipped });
}

/** Makes an output the result of a task that did not come to one, or to another one. */
export async function markResult(store: Store, run: Place, { id, output }: { id: string; output: unknown }) {
  const key = ledgerKey(run, { id, attempt: 1 });
  const value = { output, attempt: 1, marked: true as const };
  const created = await taskResults.create(store, key, value);
  if (created.written) return;
  const replaced = created.found && (await taskResults.replace(store, key, { ...created.found, value }));
  if (!replaced?.written) throw new Transient(`Writing ${key}: it changed in between. Mark the task again.`);
}

/** The results of some tasks of a run, by those that have one. */
export async function resultsOf(
  store: Store,
  run: Place,
  taskIds: readonly string[],
): Promise<Readonly<Record<string, TaskResult>>> {
  const results = await inTurns(taskIds, (id) => recall(store, run, { id, attempt: 1 }));
  return Object.fromEntries(taskIds.flatMap((id, at) => (results[at] ? [[id, results[at]]] : [])));
}

/** Those of some tasks of a run that have a result. */
export async function tasksWithResult(store: Store, run: Place, taskIds: readonly string[]): Promise<Set<string>> {
  const keys = new Set(await store.list(ledgerPrefix(run, '')));
  return new Set(taskIds.filter((id) => keys.has(ledgerKey(run, { id, attempt: 1 }))));
}

/** The results of a mapped task's items, in their order, without those that are skipped. */
export async function resultsOfItems(store: Store, run: Place, taskId: string): Promise<TaskResult[]> {
  const items = itemKeysIn(run, taskId, await store.list(`${ledgerPrefix(run, taskId)}/`));
  const results = await inTurns(items, (key) => taskResults.read(store, key));
  return results.flatMap((found) => found?.value ?? []).filter(({ skipped }) => skipped === undefined);
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
  const found = await resultsOfItems(store, run, task);
  if (found.length >= count) return found.map(({ output }) => output);
  throw new Transient(
    `Reading the outputs of the mapped task '${task}' under ${ledgerPrefix(run, task)}/: ` +
      `${found.length} of its ${items} items have one, and ${count} succeeded.`,
  );
}
