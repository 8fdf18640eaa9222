import { Again } from '#lambdas/runtime/errors.ts';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import type { Extracted } from '#lib/contract/extracted.ts';
import type { Dataset } from '#lib/contract/task-type.ts';
import { openAttempt } from './attempt.ts';
import type { Page } from './manifest.ts';
import { openProgress } from './progress.ts';
import { earlierAttempt, rawRecords } from './raw.ts';
import { records } from './records.ts';

/** An answer of the source: a JSON array of records, and where its list goes on. */
export type TextPage = Omit<Page, 'rows'> & { readonly text: string; readonly next?: string };

/** Where a list goes. */
type To = Dataset & { readonly of?: string | undefined; readonly since?: string | undefined };

/** Left at the end of a function's time: as long as one page may take, limits and repeated requests included. */
const RESERVE_MS = 180_000;

/**
 * Takes a list, page after page, into a dataset: one attempt with a manifest of its own. Where the function's time ends,
 * or a limit must be waited for outside of it, what is finished is kept: the task's next attempt goes on after the last
 * finished page. A run that goes from raw takes the records that the list gave to an earlier attempt of the run, and
 * asks for no page.
 *
 * @param to `raw/<name>` with the table that the dataset's rows must meet; `of` names what of the dataset the list
 *   gives, where other lists give the rest (a repository): by it the list's raw is found again. Without it, the task.
 *   `since` where the list is asked only for what changed since then: its manifest says so.
 * @param pagesFrom the list, from its beginning or from the `next` of a page on
 * @throws Again where it stopped midway
 * @throws NoSnapshot where a run goes from raw and there is none of the list
 */
export async function extract(
  context: TaskContext,
  to: To,
  pagesFrom: (next: string | undefined) => AsyncIterable<TextPage>,
): Promise<Extracted> {
  return context.run.fromRaw ? fromRaw(context, to) : fromSource(context, to, pagesFrom);
}

async function fromRaw(context: TaskContext, to: To): Promise<Extracted> {
  const attempt = await openAttempt(context, to);
  const earlier = await earlierAttempt(context, attempt.part);
  await attempt.addAgain(earlier, rawRecords(context, earlier.raw));
  return attempt.close();
}

async function fromSource(
  context: TaskContext,
  to: To,
  pagesFrom: (next: string | undefined) => AsyncIterable<TextPage>,
): Promise<Extracted> {
  const { found, keep } = await openProgress(context, to.dataset);
  if (found && 'extracted' in found) return found.extracted;
  const attempt = await openAttempt(context, to, found?.unfinished);
  let last: string | undefined;
  try {
    for await (const { text, next, ...page } of pagesFrom(found?.next)) {
      await attempt.add(page, records(text, `the answer of ${page.url}`));
      last = next;
      if (next !== undefined && context.remaining() < RESERVE_MS) {
        throw new Again(`Extracting ${to.dataset}: the function's time ends; the next attempt goes on at ${next}.`);
      }
    }
  } catch (error) {
    if (error instanceof Again && last !== undefined) await keep({ unfinished: await attempt.stop(), next: last });
    throw error;
  }
  const extracted = await attempt.close();
  await keep({ extracted });
  return extracted;
}
