/** What did not fail a run and is to be known: written by the attempts that met it, read when the run has ended. */
import * as z from 'zod';
import type { Run, TaskOfRun } from '#lib/contract/envelope.ts';
import { absence } from '#lib/contract/extracted.ts';
import { documents } from './document.ts';
import { warningKey, warningsPrefix } from './keys.ts';
import { inTurns } from './ledger.ts';
import type { Store } from './store.ts';
import type { Try } from './task-history.ts';

/** A list that its source does not have, of a dataset: `of` as in the lake's keys, such as a repository. */
const skippedList = absence.extend({ task: z.string(), dataset: z.string(), of: z.string() });
type SkippedList = z.output<typeof skippedList>;

/** An item that failed of a mapped task that did not. */
const failedItem = z.object({ task: z.string(), index: z.int(), error: z.string(), cause: z.string() });
type FailedItem = z.output<typeof failedItem>;

export const warning = z.union([skippedList, failedItem]);
export type Warning = z.output<typeof warning>;

const warnings = documents({
  name: 'the warning',
  schema: skippedList,
  remedy: 'Remove the object: the run closes without it.',
});

type OfRun = Pick<Run, 'dagId' | 'runId' | 'clearing'>;

interface Attempt {
  readonly store: Store;
  readonly run: OfRun;
  readonly task: TaskOfRun;
}

/** Of attempts of one item, the first one's stands. */
export async function writeWarning({ store, run, task }: Attempt, value: Omit<SkippedList, 'task'>): Promise<void> {
  await warnings.create(store, warningKey(run, task, value.dataset), { ...value, task: task.id });
}

/** @throws Damaged */
export async function readWarnings(store: Store, run: OfRun): Promise<SkippedList[]> {
  const found = await inTurns(await store.list(warningsPrefix(run)), (key) => warnings.read(store, key));
  return found.flatMap((one) => one?.value ?? []);
}

type Statuses = Readonly<Record<string, string | undefined>>;

/** Whether a mapped task with items that failed did not fail by them. */
export const isTolerated = (tasks: Statuses, task: string): boolean =>
  tasks[task] === 'success' || tasks[task] === 'skipped';

/** So many characters of each cause. */
const CAUSE = 1000;

/** The items that failed of a run's mapped tasks which did not, as warnings. */
export const toleratedFailures = (tries: readonly Try[], tasks: Statuses): FailedItem[] =>
  tries.flatMap(({ task, index, error = '', cause = '' }) =>
    index !== undefined && isTolerated(tasks, task) ? [{ task, index, error, cause: cause.slice(0, CAUSE) }] : [],
  );

export const isFailedItem = (one: Warning): one is FailedItem => 'index' in one;

/** As people read it. */
export function sentenceOf(one: Warning): string {
  if (isFailedItem(one)) return `${one.task}: item ${one.index} failed, which is tolerated: ${one.error}: ${one.cause}`;
  const { task, dataset, of, status, url, reason } = one;
  return `${task}: '${of}' of ${dataset} is skipped: GET ${url} was answered with ${status} (${reason}).`;
}
