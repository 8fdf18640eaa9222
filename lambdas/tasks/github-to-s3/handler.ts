import { openAttempt } from '#lambdas/lake/attempt.ts';
import { records } from '#lambdas/lake/records.ts';
import { githubPages } from '#lambdas/runtime/github/pages.ts';
import { implement } from '#lambdas/runtime/implement.ts';
import { listingOf } from './objects.ts';
import { githubToS3 } from './task.ts';

export const handler = implement(githubToS3, async ({ connection, query, to, ...asked }, context) => {
  const attempt = await openAttempt(context, to);
  for await (const { text, ...page } of githubPages(context, { connection, query, ...listingOf(asked) })) {
    await attempt.add(page, records(text, `the answer of ${page.url}`));
  }
  return attempt.close();
});
