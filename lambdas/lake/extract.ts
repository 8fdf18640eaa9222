import type { TaskContext } from '#lambdas/runtime/implement.ts';
import type { Extracted } from '#lib/contract/extracted.ts';
import type { Dataset } from '#lib/contract/task-type.ts';
import { openAttempt } from './attempt.ts';
import type { Page } from './manifest.ts';
import { records } from './records.ts';

/** An answer of the source: a JSON array of records. */
export type TextPage = Omit<Page, 'rows'> & { readonly text: string };

/**
 * Takes a list, page after page, into a dataset: one attempt with a manifest of its own.
 * @param to `raw/<name>` with the table that the dataset's rows must meet
 */
export async function extract(context: TaskContext, to: Dataset, pages: AsyncIterable<TextPage>): Promise<Extracted> {
  const attempt = await openAttempt(context, to);
  for await (const { text, ...page } of pages) await attempt.add(page, records(text, `the answer of ${page.url}`));
  return attempt.close();
}
