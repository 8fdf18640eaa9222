import { extract } from '#lambdas/lake/extract.ts';
import { listingOf } from '#lambdas/runtime/github/listings.ts';
import { githubPages } from '#lambdas/runtime/github/pages.ts';
import { implement } from '#lambdas/runtime/implement.ts';
import type { Extracted } from '#lib/contract/extracted.ts';
import { repositoryObject } from '#lib/contract/github-objects.ts';
import { githubRepositoryToS3 } from './task.ts';

export const handler = implement(githubRepositoryToS3, async (input, context) => {
  const { connection, org, repository, to, query = {}, only = {} } = input;
  const isWanted = (names: readonly string[]) => names.some((name) => name.toLowerCase() === repository.toLowerCase());
  const tables: Record<string, Extracted> = {};
  // One after the other: GitHub asks clients not to make requests side by side.
  for (const object of repositoryObject.options) {
    const dataset = to[object];
    if (!dataset || !isWanted(only[object] ?? [repository])) continue;
    const listing = listingOf({ object, org, repository });
    tables[dataset.table ?? ''] = await extract(context, { ...dataset, of: repository }, (beforehand) =>
      githubPages(context, { connection, query: query[object], ...beforehand, ...listing }),
    );
  }
  const sum = (of: 'rows' | 'bytes' | 'quarantined') => Object.values(tables).reduce((all, one) => all + one[of], 0);
  return { rows: sum('rows'), bytes: sum('bytes'), quarantined: sum('quarantined'), tables };
});
