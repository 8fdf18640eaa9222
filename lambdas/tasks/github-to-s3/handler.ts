import { extract } from '#lambdas/lake/extract.ts';
import { implement } from '#lambdas/runtime/implement.ts';
import { listingOf } from '#lambdas/sources/github/listings.ts';
import { githubPages } from '#lambdas/sources/github/pages.ts';
import { githubToS3 } from './task.ts';

export const handler = implement(githubToS3, ({ connection, query, to, ...listed }, context) =>
  extract(context, { ...to, of: listed.repository, since: query?.['since'] }, (beforehand) =>
    githubPages(context, { connection, query, ...beforehand, ...listingOf(listed) }),
  ),
);
