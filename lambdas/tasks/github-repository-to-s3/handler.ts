import { partOf } from '#lambdas/lake/attempt.ts';
import { extract } from '#lambdas/lake/extract.ts';
import { readSince } from '#lambdas/lake/raw.ts';
import { implement } from '#lambdas/runtime/implement.ts';
import { repositoryObject } from '#lambdas/sources/github/objects.ts';
import { listsOfRepository } from '#lambdas/sources/github/repositories.ts';
import type { Extracted } from '#lib/contract/extracted.ts';
import { tableOf } from '#lib/contract/fields.ts';
import { githubRepositoryToS3 } from './task.ts';

export const handler = implement(githubRepositoryToS3, async (input, context) => {
  const { connection, org, repository, to, query = {}, only = {} } = input;
  const isWanted = (names: readonly string[]) => names.some((name) => name.toLowerCase() === repository.toLowerCase());
  const sinces: Readonly<Record<string, string | null>> = input.since ?? {};
  const tables: Record<string, Extracted> = {};
  const pagesOf = listsOfRepository(context, { org, repository });
  // One after the other: GitHub asks clients not to make requests side by side.
  for (const object of repositoryObject.options) {
    const dataset = to[object];
    if (!dataset || !isWanted(only[object] ?? [repository])) continue;
    const whole = { ...dataset, of: repository };
    const since = await readSince(context, partOf(context, whole), sinces[object]);
    const asked = { ...query[object], ...(since !== undefined && { since }) };
    tables[tableOf(dataset)] = await extract(context, { ...whole, since: asked.since }, (beforehand) =>
      pagesOf(object, { connection, query: asked, ...beforehand }),
    );
  }
  const sum = (of: 'rows' | 'bytes' | 'quarantined') => Object.values(tables).reduce((all, one) => all + one[of], 0);
  return { rows: sum('rows'), bytes: sum('bytes'), quarantined: sum('quarantined'), tables };
});
