/**
 * How far a task has come with a dataset, for its next attempt: where to go on and what is finished, or the whole. Written
 * by a conditional write over what the attempt found: of two at once the first leaves its progress, which is as good.
 */
import * as z from 'zod';
import type { Run, TaskOfRun } from '#lib/contract/envelope.ts';
import { extracted } from '#lib/contract/extracted.ts';
import { documents } from './document.ts';
import { progressKey } from './keys.ts';
import { manifest } from './manifest.ts';
import { rejection } from './quarantine.ts';
import type { Store } from './store.ts';

/** What an attempt that stops midway leaves to the next one. */
export const unfinished = z.object({
  /** Of the pages so far. */
  manifest,
  /** The first record that did not meet the declaration. */
  first: rejection.optional(),
});
export type Unfinished = z.output<typeof unfinished>;

const progress = z.union([
  z.object({ extracted }),
  /** `next` is where the source's list goes on after the last finished page. */
  z.object({ unfinished, next: z.string() }),
]);
type Progress = z.output<typeof progress>;

const progresses = documents({
  name: 'the progress of an extract',
  schema: progress,
  remedy: 'Remove the object: the list is asked for from its beginning.',
});

interface FoundProgress {
  readonly found: Progress | undefined;
  keep(progress: Progress): Promise<void>;
}

interface Attempt {
  readonly store: Store;
  readonly run: Run;
  readonly task: TaskOfRun;
}

export async function openProgress({ store, run, task }: Attempt, dataset: string): Promise<FoundProgress> {
  const key = progressKey(run, task, dataset);
  const found = await progresses.read(store, key);
  return {
    found: found?.value,
    keep: async (value) => {
      await (found ? progresses.replace(store, key, { ...found, value }) : progresses.create(store, key, value));
    },
  };
}
