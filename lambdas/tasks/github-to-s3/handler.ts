import { extract } from '#lambdas/lake/extract.ts';
import { githubPages } from '#lambdas/runtime/github/pages.ts';
import { implement } from '#lambdas/runtime/implement.ts';
import { listingOf } from './objects.ts';
import { githubToS3 } from './task.ts';

export const handler = implement(githubToS3, ({ connection, query, to, ...asked }, context) =>
  extract(context, { ...to, of: asked.repository }, (from) =>
    githubPages(context, { connection, query, from, ...listingOf(asked) }),
  ),
);
