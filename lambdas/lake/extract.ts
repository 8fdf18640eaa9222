import type { TaskContext } from '#lambdas/runtime/implement.ts';
import type { Extracted } from '#lib/contract/extracted.ts';
import type { Dataset } from '#lib/contract/task-type.ts';
import { openAttempt } from './attempt.ts';
import type { Page } from './manifest.ts';
import { earlierAttempt, rawRecords } from './raw.ts';
import { records } from './records.ts';

/** An answer of the source: a JSON array of records. */
export type TextPage = Omit<Page, 'rows'> & { readonly text: string };

/**
 * Takes a list, page after page, into a dataset: one attempt with a manifest of its own. A run that goes from raw takes
 * the records that the list gave to an earlier attempt of the run, and asks for no page.
 *
 * @param to `raw/<name>` with the table that the dataset's rows must meet; `of` names what of the dataset the list
 *   gives, where other lists give the rest (a repository): by it the list's raw is found again. Without it, the task.
 * @throws NoSnapshot where a run goes from raw and there is none of the list
 */
export async function extract(
  context: TaskContext,
  to: Dataset & { readonly of?: string | undefined },
  pages: AsyncIterable<TextPage>,
): Promise<Extracted> {
  const attempt = await openAttempt(context, to);
  if (context.run.fromRaw) {
    const earlier = await earlierAttempt(context, attempt.part);
    await attempt.addAgain(earlier, rawRecords(context, earlier.raw));
  } else {
    for await (const { text, ...page } of pages) await attempt.add(page, records(text, `the answer of ${page.url}`));
  }
  return attempt.close();
}
