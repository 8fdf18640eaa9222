import type * as z from 'zod';
import { Terminal } from '#lambdas/runtime/errors.ts';
import type { githubToS3 } from './task.ts';

type Input = z.output<typeof githubToS3.type.input>;

/** Where a kind of object is listed, and what the token must be allowed. */
interface Listing {
  readonly of: 'org' | 'repository';
  readonly path: string;
  readonly needs: string;
}

const LISTINGS: Record<Input['object'], Listing> = {
  issues: { of: 'repository', path: 'issues', needs: "read access to the repository's issues and metadata" },
  members: { of: 'org', path: 'members', needs: "read access to the organisation's members" },
};

/** The path of the API that lists what is asked for. */
export function listingOf({ object, org, repository }: Pick<Input, 'object' | 'org' | 'repository'>) {
  const { of, path, needs } = LISTINGS[object];
  if ((of === 'repository') !== (repository !== undefined)) {
    throw new Terminal(
      `Listing ${object} of '${org}': they belong to ${of === 'org' ? 'the organisation' : 'a repository'}, and the ` +
        `input's repository is ${repository === undefined ? 'missing' : `'${repository}'`}. Change the task's input.`,
    );
  }
  const owner = repository === undefined ? `/orgs/${encode(org)}` : `/repos/${encode(org)}/${encode(repository)}`;
  return { path: `${owner}/${path}`, needs };
}

const encode = encodeURIComponent;
