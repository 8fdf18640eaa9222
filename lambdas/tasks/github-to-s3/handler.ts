import { extract } from '#lambdas/lake/extract.ts';
import { listingOf } from '#lambdas/runtime/github/listings.ts';
import { githubPages } from '#lambdas/runtime/github/pages.ts';
import { implement } from '#lambdas/runtime/implement.ts';
import { githubToS3 } from './task.ts';

export const handler = implement(githubToS3, ({ connection, query, to, ...listed }, context) =>
  extract(context, { ...to, of: listed.repository, since: query?.['since'] }, (beforehand) =>
    githubPages(context, { connection, query, ...beforehand, ...listingOf(listed) }),
  ),
);
