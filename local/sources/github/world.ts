/** What the stand-in has to show, wherever it comes from. */
import type { Collection } from './collection.ts';

/** The lists that every repository has, by the path under the repository's, with the name of their objects. */
export const REPOSITORY_LISTS = {
  issues: 'issues',
  pulls: 'pull_requests',
  'issues/comments': 'issue_comments',
  comments: 'commit_comments',
  commits: 'commits',
} as const;

/** `issues` holds pull requests too, as GitHub lists them together. */
export type RepositoryList = (typeof REPOSITORY_LISTS)[keyof typeof REPOSITORY_LISTS];

/** Something for each list of a repository. */
export const mapLists = <T>(of: (list: RepositoryList) => T): Record<RepositoryList, T> =>
  Object.fromEntries(Object.values(REPOSITORY_LISTS).map((list) => [list, of(list)])) as Record<RepositoryList, T>;

export interface Repository {
  readonly id: number;
  readonly name: string;
  /** As JSON. */
  readonly text: string;
  readonly lists: Readonly<Record<RepositoryList, () => Collection>>;
}

export interface Organisation {
  readonly id: number;
  /** As JSON. */
  readonly text: string;
  readonly repositories: readonly Repository[];
  /** Names that repositories had before, with the id of who has them now. */
  readonly renamed: Readonly<Record<string, number>>;
  readonly members: () => Collection;
}

export interface World {
  /** By login, in any case. */
  readonly organisation: (login: string) => Organisation | undefined;
  /** All that are known by now: links lead to organisations and repositories by id. */
  readonly organisations: () => readonly Organisation[];
  /** The organisations of whoever asks. */
  readonly memberships: () => Collection;
}
