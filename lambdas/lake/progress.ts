/**
 * How far a task has come with a dataset, for its next attempt: where to go on and what is finished, or the whole. Written
 * by a conditional write over what the attempt found: of two at once the first leaves its progress, which is as good.
 */
import * as z from 'zod';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { extracted } from '#lib/contract/extracted.ts';
import { progressKey } from '#lib/runs/keys.ts';
import { unfinished } from './attempt.ts';

const progress = z.union([
  z.object({ extracted }),
  /** `next` is where the source's list goes on after the last finished page. */
  z.object({ unfinished, next: z.string() }),
]);
type Progress = z.output<typeof progress>;

interface Kept {
  readonly found: Progress | undefined;
  keep(progress: Progress): Promise<void>;
}

export async function openProgress({ store, run, task }: TaskContext, dataset: string): Promise<Kept> {
  const key = progressKey(run, task, dataset);
  const found = await store.read(key);
  return {
    found: found && progress.parse(found.value),
    keep: async (value) => {
      const parsed = progress.parse(value);
      await (found ? store.replace(key, parsed, found.etag) : store.create(key, parsed));
    },
  };
}
