/** What did not fail a run and is to be known: written by the attempts that met it, read when the run has ended. */
import * as z from 'zod';
import type { Run, TaskOfRun } from '#lib/contract/envelope.ts';
import { absence } from '#lib/contract/extracted.ts';
import { documents } from './document.ts';
import { warningKey, warningsPrefix } from './keys.ts';
import { inTurns } from './ledger.ts';
import type { Store } from './store.ts';

/** A list that its source does not have, of a dataset: `of` as in the lake's keys, such as a repository. */
export const warning = absence.extend({ task: z.string(), dataset: z.string(), of: z.string() });
export type Warning = z.output<typeof warning>;

const warnings = documents({
  name: 'the warning',
  schema: warning,
  remedy: 'Remove the object: the run closes without it.',
});

type OfRun = Pick<Run, 'dagId' | 'runId' | 'clearing'>;

interface Attempt {
  readonly store: Store;
  readonly run: OfRun;
  readonly task: TaskOfRun;
}

/** Of attempts of one item, the first one's stands. */
export async function writeWarning({ store, run, task }: Attempt, value: Omit<Warning, 'task'>): Promise<void> {
  await warnings.create(store, warningKey(run, task, value.dataset), { ...value, task: task.id });
}

/** What some tasks warned of in one clearing, they warn of in the next, where they give what they gave. */
export async function carryWarningsOver(store: Store, run: OfRun, taskIds: readonly string[]): Promise<void> {
  const before = { ...run, clearing: run.clearing - 1 };
  const prefix = warningsPrefix(before);
  await inTurns(await store.list(prefix), async (key) => {
    const found = await warnings.read(store, key);
    if (!found || !taskIds.includes(found.value.task)) return;
    await warnings.create(store, `${warningsPrefix(run)}${key.slice(prefix.length)}`, found.value);
  });
}

/** @throws Damaged */
export async function readWarnings(store: Store, run: OfRun): Promise<Warning[]> {
  const found = await inTurns(await store.list(warningsPrefix(run)), (key) => warnings.read(store, key));
  return found.flatMap((one) => one?.value ?? []);
}

/** As people read it. */
export const sentenceOf = ({ task, dataset, of, status, url, reason }: Warning): string =>
  `${task}: '${of}' of ${dataset} is skipped: GET ${url} was answered with ${status} (${reason}).`;
