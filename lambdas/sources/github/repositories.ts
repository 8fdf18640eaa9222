/** The repositories of an organisation, and what it means that one of them does not give a list. */
import * as z from 'zod';
import { ListAbsent, NotThere, Terminal } from '#lib/contract/errors.ts';
import type { Connection } from '#lib/contract/fields.ts';
import type { SourcePage } from '../pages.ts';
import { listingOf } from './listings.ts';
import type { RepositoryObject } from './objects.ts';
import { type GithubList, githubPages } from './pages.ts';
import { refusalOf } from './refusals.ts';

type Context = Parameters<typeof githubPages>[0];

const repository = z.object({ name: z.string() });
const decoder = new TextDecoder();

/** Their names, in the order of the API; one may come twice. */
export async function* repositoryNames(context: Context, connection: Connection, org: string): AsyncGenerator<string> {
  for await (const { records } of githubPages(context, { connection, ...listingOf({ object: 'repositories', org }) }))
    for (const record of records) yield repository.parse(JSON.parse(decoder.decode(record))).name;
}

/**
 * What refusals of a repository's lists say of the repository; with every other one the list has failed.
 * - `gone`: for good, or its issues are switched off
 * - `kept`: it is blocked, maybe for a while
 * - `lost`: it went while the run went on, or the token may not read it
 */
const MEANINGS: Readonly<Record<number, 'gone' | 'kept' | 'lost'>> = {
  410: 'gone',
  451: 'kept',
  403: 'lost',
  404: 'lost',
};

interface OfRepository {
  readonly org: string;
  readonly repository: string;
}

/**
 * The lists of one repository. Whether its organisation still lists it is asked once, and only where that matters.
 * @returns a function that gives the pages of a list, as `githubPages` does. It throws ListAbsent where the repository
 *   has not the list, and where it is no longer among those of its organisation: deleted, renamed or transferred.
 */
export function listsOfRepository(context: Context, of: OfRepository) {
  let listed: Promise<boolean> | undefined;
  const classify = async (error: unknown, connection: Connection): Promise<unknown> => {
    const refusal = refusalOf(error);
    const meaning = refusal && MEANINGS[refusal.status];
    if (!meaning) return error;
    if (meaning === 'lost') {
      listed ??= isListed(context, connection, of);
      if (await listed) return accessLost(error, of);
    }
    return new ListAbsent(refusal, meaning === 'gone');
  };
  /** The records would come under both names. */
  const refuseRenamed = async ({ url }: SourcePage, connection: Connection): Promise<void> => {
    listed ??= isListed(context, connection, of);
    if (await listed) return;
    throw new ListAbsent({ status: 301, url, reason: `'${of.repository}' was renamed or transferred` }, false);
  };
  return async function* (
    object: RepositoryObject,
    list: Omit<GithubList, 'path' | 'needs'>,
  ): AsyncGenerator<SourcePage> {
    const listing = listingOf({ object, ...of });
    let isFirst = list.from === undefined;
    try {
      for await (const page of githubPages(context, { ...list, ...listing })) {
        if (isFirst && isElsewhere(page, listing)) await refuseRenamed(page, list.connection);
        isFirst = false;
        yield page;
      }
    } catch (error) {
      throw await classify(error, list.connection);
    }
  };
}

/** Whether a redirect led to the page: GitHub has one from each former name of a repository. */
const isElsewhere = ({ url }: SourcePage, { path }: { readonly path: string }): boolean =>
  !new URL(url).pathname.toLowerCase().endsWith(path.toLowerCase());

async function isListed(context: Context, connection: Connection, { org, repository }: OfRepository): Promise<boolean> {
  for await (const name of repositoryNames(context, connection, org))
    if (name.toLowerCase() === repository.toLowerCase()) return true;
  return false;
}

function accessLost(error: unknown, { org }: OfRepository): Terminal {
  const { message, cause } = error as Terminal;
  const Refusal = error instanceof NotThere ? NotThere : Terminal;
  return new Refusal(`${message} '${org}' still lists the repository: it is the access that is missing.`, { cause });
}
