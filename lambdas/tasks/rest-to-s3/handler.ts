import { partOf } from '#lambdas/lake/attempt.ts';
import { readSince } from '#lambdas/lake/raw.ts';
import { queryOf, startOf } from '#lambdas/sources/rest/increment.ts';
import { extract, implement, restPages } from '#sluice/lambda';
import { restToS3 } from './task.ts';

export const handler = implement(restToS3, async ({ to, since, query, ...list }, context) => {
  const at = since && (await readSince(context, partOf(context, to), since.at));
  const start = at === undefined ? undefined : startOf(since ?? {}, at);
  const more = since && start !== undefined ? queryOf(since, start) : {};
  const { field } = since ?? {};
  const downTo = field === undefined || start === undefined ? undefined : { field, start };
  return extract(context, { ...to, since: start }, (beforehand) =>
    restPages(context, { ...list, query: { ...query, ...more }, downTo, ...beforehand }),
  );
});
