/** What the stand-in has to show, wherever it comes from. */
import type { Collection } from './collection.ts';

export interface Repository {
  readonly id: number;
  readonly name: string;
  /** As JSON. */
  readonly text: string;
  /** Issues and pull requests, as GitHub lists them together. */
  readonly issues: () => Collection;
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
}
