/** Which repositories of an organisation are asked for, and which of them for which kinds of objects. */
import type { RepositoryObject } from '#lambdas/sources/github/objects.ts';
import type { Organisation } from './config.ts';

/**
 * @param wanted the kinds of objects that are fetched of each repository
 * @returns what the task that lists repositories takes (`listing`), and the one that extracts of each (`only`)
 */
export function scopeOf({ repositories = {}, except }: Organisation, wanted: readonly RepositoryObject[]) {
  const only: { [K in RepositoryObject]?: readonly string[] } = {};
  for (const object of wanted) {
    const scope = repositories[object] ?? 'all';
    if (scope !== 'all') only[object] = [scope].flat();
  }
  const named = [...new Set(Object.values(only).flat())];
  const onlyNamed = wanted.every((object) => only[object]);
  return { listing: { named, onlyNamed, ...(except && { except }) }, only };
}
