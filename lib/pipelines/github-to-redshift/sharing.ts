/** How many extracts share a credential at a time. */

import { listOf } from '#lambdas/sources/github/objects.ts';
import { DagError } from '#sluice';
import type { Config, Organisation } from './config.ts';

/** Of an inline map. */
const MOST_OF_A_MAP = 40;

/** An organisation with its share of the places that its credential has. */
export interface Sharing extends Organisation {
  /** Of its repositories, how many are extracted at a time. */
  readonly repositoriesAtATime: number;
}

/**
 * Shares out the places of each credential: the lists of organisations and of the user take one each, the repositories
 * of its organisations what is left, so that no credential is used by more than `most` extracts side by side.
 *
 * @throws DagError where that leaves an organisation without a place
 */
export function sharing({ orgs, objects }: Config, most: number): Sharing[] {
  const kinds = (whose: ReturnType<typeof listOf>) => objects.filter(({ object }) => listOf(object) === whose).length;
  const together = (credential: string) => orgs.filter((one) => one.credential === credential);
  const lists = (credential: string) => together(credential).length * kinds('organisation') + kinds('user');
  const fewest = (credential: string) =>
    lists(credential) + (kinds('repository') > 0 ? together(credential).length : 0);

  const problem = (credential: string) =>
    `${credential}: the extracts of the ${together(credential).length} organisations that share this credential are ` +
    `${fewest(credential)} side by side, and ${most} may use it. Give some of them a credential of their own, or ` +
    'raise extractsOfACredential in config.ts.';
  const crowded = [...new Set(orgs.map(({ credential }) => credential))].filter((one) => fewest(one) > most);
  if (crowded.length > 0) throw new DagError('github-to-redshift', crowded.map(problem));

  return orgs.map((organisation) => {
    const all = together(organisation.credential);
    const left = most - lists(organisation.credential);
    const isFirst = all.indexOf(organisation) < left % all.length;
    const share = Math.floor(left / all.length) + (isFirst ? 1 : 0);
    return { ...organisation, repositoriesAtATime: Math.min(share, MOST_OF_A_MAP) };
  });
}
