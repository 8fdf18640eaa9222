import { Terminal } from '#lib/contract/errors.ts';
import { type GithubObject, listOf } from './objects.ts';

/** What is asked for, and what the token must be allowed. */
interface Listing {
  /** In LISTINGS, that under the owner's. */
  readonly path: string;
  readonly needs: string;
}

const LISTINGS: Readonly<Record<GithubObject, Listing>> = {
  issues: { path: '/issues', needs: "read access to the repository's issues and metadata" },
  pull_requests: { path: '/pulls', needs: "read access to the repository's pull requests" },
  issue_comments: { path: '/issues/comments', needs: "read access to the repository's issues" },
  commit_comments: { path: '/comments', needs: "read access to the repository's contents" },
  commits: { path: '/commits', needs: "read access to the repository's contents" },
  members: { path: '/members', needs: "read access to the organisation's members" },
  repositories: { path: '/repos', needs: "read access to the repositories' metadata" },
  organizations: { path: '/orgs', needs: "read access to its user's organisations (read:org)" },
};

/** What is listed, and of whom. */
export interface Listed {
  readonly object: GithubObject;
  readonly org?: string | undefined;
  /** Its name alone. */
  readonly repository?: string | undefined;
}

/**
 * The path of the API that lists some objects.
 * @throws Terminal where the list belongs to another one than is given
 */
export function listingOf(listed: Listed): Listing {
  const { path, needs } = LISTINGS[listed.object];
  return { path: ownerOf(listed) + path, needs };
}

function ownerOf({ object, org, repository }: Listed): string {
  const of = listOf(object);
  const encode = encodeURIComponent;
  if (of === 'repository' && org !== undefined && repository !== undefined) {
    return `/repos/${encode(org)}/${encode(repository)}`;
  }
  if (of === 'organisation' && org !== undefined && repository === undefined) return `/orgs/${encode(org)}`;
  if (of === 'user' && org === undefined && repository === undefined) return '/user';
  const owner = { repository: 'a repository', organisation: 'an organisation', user: "the token's user" }[of];
  throw new Terminal(
    `Listing ${object}: they belong to ${owner}, and the input has ${shown('org', org)} and ` +
      `${shown('repository', repository)}. Change the task's input.`,
  );
}

const shown = (name: string, value: string | undefined) => (value === undefined ? `no ${name}` : `${name} '${value}'`);
