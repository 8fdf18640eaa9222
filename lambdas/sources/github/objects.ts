/** The kinds of objects that GitHub lists. `listings.ts` knows where each list is. */
import * as z from 'zod';

export const repositoryObject = z.enum(['issues', 'pull_requests', 'issue_comments', 'commit_comments', 'commits']);
export type RepositoryObject = z.output<typeof repositoryObject>;

export const githubObject = z.enum([...repositoryObject.options, 'members', 'repositories', 'organizations']);
export type GithubObject = z.output<typeof githubObject>;

/** Of these a list can be asked for what was updated at or after a time (`since`). The `since` of commits goes by what git recorded. */
export const incrementalObject = repositoryObject.extract(['issues', 'issue_comments']);
export type IncrementalObject = z.output<typeof incrementalObject>;

/** Whom a list belongs to. The user is the credential's. */
export const listOf = (object: GithubObject): 'repository' | 'organisation' | 'user' => {
  if (repositoryObject.safeParse(object).success) return 'repository';
  return object === 'organizations' ? 'user' : 'organisation';
};

/** Added to the query string of a list's first request; the Link header leads on from there. */
export const githubQuery = z.record(z.string(), z.string());
