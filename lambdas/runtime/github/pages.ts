/** A list of GitHub's API, page by page, each as the text that the API sent. */
import type { Connection } from '#lib/contract/task-type.ts';
import { Transient } from '../errors.ts';
import type { TaskContext } from '../implement.ts';
import { openLimit } from './limit.ts';
import { openOctokit } from './octokit.ts';
import { Limited, refused } from './refusals.ts';

const PER_PAGE = '100';

export interface GithubPage {
  /** After redirects. */
  readonly url: string;
  readonly status: number;
  readonly etag?: string;
  readonly fetchedAt: string;
  readonly text: string;
  /** Where the list goes on, unless this is its last page. */
  readonly next?: string;
}

/** What is asked, and of whom. */
export interface GithubList {
  readonly connection: Connection;
  /** Of the API: `/orgs/o/members`. */
  readonly path: string;
  /** Of the first request; the Link header leads on from there. */
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** The `next` of a page that another attempt had: in place of path and query. */
  readonly from?: string | undefined;
  /** What the token must be allowed, for messages: `read access to the organisation's members`. */
  readonly needs: string;
}

type Context = Pick<TaskContext, 'connections' | 'log' | 'store' | 'run'>;

/**
 * The pages of a list, in order. An empty repository (409) is one page without records.
 * @throws NotThere where there is no such list or page (404, 410, 422)
 * @throws Terminal where GitHub refuses (401 after the secret was fetched anew, 403)
 * @throws Again where a rate limit lasts longer than the attempt should wait
 * @throws Transient for failures of GitHub or of the network that stayed after retries
 */
export async function* githubPages(context: Context, list: GithubList): AsyncGenerator<GithubPage> {
  const { connection, needs } = list;
  const asker = { connection: connection.connection, secretId: context.connections.secretId(connection), needs };
  const limit = await openLimit(context, connection);
  const octokit = await openOctokit(context, connection);
  const path = `${list.path}?${new URLSearchParams({ per_page: PER_PAGE, ...list.query })}`;
  const first = octokit.request.endpoint({ method: 'GET', url: list.from ?? path }).url;
  let isMidway = list.from !== undefined;
  try {
    for (let url: string | undefined = first; url !== undefined; isMidway = true) {
      const page: GithubPage = await ask(octokit, url);
      if (page.status === 409 && isMidway) {
        throw new Transient(`GET ${url}: GitHub answered 409 in the middle of the list.`);
      }
      yield page;
      url = page.next;
    }
  } catch (error) {
    const refusal = refused(error, asker);
    if (refusal instanceof Limited) await limit.keep(refusal.until);
    throw refusal;
  }
}

interface Answer {
  readonly url: string;
  readonly status: number;
  readonly headers: { readonly etag?: string | undefined; readonly link?: string | undefined };
  readonly data: unknown;
}
type Octokit = Awaited<ReturnType<typeof openOctokit>>;

async function ask(octokit: Octokit, url: string): Promise<GithubPage> {
  try {
    return pageOf(await octokit.request({ method: 'GET', url }));
  } catch (error) {
    if ((error as { status?: number }).status !== 409) throw error;
    return { url, status: 409, fetchedAt: new Date().toISOString(), text: '[]' };
  }
}

function pageOf({ url, status, headers, data }: Answer): GithubPage {
  const { text } = data as { text: string };
  const { etag, link = '' } = headers;
  const next = nextOf(link);
  const fetchedAt = new Date().toISOString();
  return { url, status, ...(etag !== undefined && { etag }), fetchedAt, text, ...(next !== undefined && { next }) };
}

const nextOf = (link: string): string | undefined => /<([^<>]+)>;\s*rel="next"/.exec(link)?.[1];
