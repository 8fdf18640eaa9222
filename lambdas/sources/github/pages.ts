/** A list of GitHub's API, page by page, each as the text that the API sent. */

import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { Transient } from '#lib/contract/errors.ts';
import type { Connection } from '#lib/contract/fields.ts';
import { openLimit } from './limit.ts';
import { openOctokit } from './octokit.ts';
import { Limited, refused } from './refusals.ts';

const PER_PAGE = '100';
/** Where the URL does not say. */
const PER_PAGE_OF_GITHUB = 30;

export interface GithubPage {
  /** After redirects. */
  readonly url: string;
  /** 304 of a page that is as it was known. */
  readonly status: number;
  readonly etag?: string;
  readonly fetchedAt: string;
  readonly text: string;
  /** Where the list goes on, unless this is its last page. */
  readonly next?: string;
}

/** A page as an earlier run had it. */
interface KnownPage {
  readonly etag: string;
  readonly rows: number;
  /** Where the list went on. */
  readonly next?: string | undefined;
  /** Undefined where it is not to be had any more. */
  readonly text: () => Promise<string | undefined>;
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
  /** Pages by URL: where GitHub answers that one is unchanged, which its limit does not count, it is taken from here. */
  readonly known?: ((url: string) => KnownPage | undefined) | undefined;
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
  const { connection, needs, known } = list;
  const asker = { connection: connection.connection, secretId: context.connections.secretId(connection), needs };
  const limit = await openLimit(context, connection);
  const octokit = await openOctokit(context, connection);
  const path = `${list.path}?${new URLSearchParams({ per_page: PER_PAGE, ...list.query })}`;
  const first = octokit.request.endpoint({ method: 'GET', url: list.from ?? path }).url;
  let isMidway = list.from !== undefined;
  try {
    for (let url: string | undefined = first; url !== undefined; isMidway = true) {
      const page: GithubPage = await ask(octokit, url, known?.(url));
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

async function ask(octokit: Octokit, url: string, known?: KnownPage): Promise<GithubPage> {
  const condition = known && isTold(url, known) ? { 'if-none-match': known.etag } : {};
  try {
    const answer: Answer = await octokit.request({ method: 'GET', url, headers: condition });
    return pageOf(answer, (answer.data as { text: string }).text);
  } catch (error) {
    const { status, response } = error as { status?: number; response?: Answer };
    if (status === 409) return { url, status, fetchedAt: new Date().toISOString(), text: '[]' };
    if (status !== 304 || !known || !response) throw error;
    const text = await known.text();
    return text === undefined ? ask(octokit, url) : pageOf(response, text, known);
  }
}

/**
 * Whether an unchanged page tells all. An ETag is of the records alone, and GitHub may answer 304 without a Link header:
 * where the list ended with a full page, nothing would tell that there is another one by now.
 */
const isTold = (url: string, { next, rows }: KnownPage): boolean =>
  next !== undefined || rows < Number(new URL(url).searchParams.get('per_page') ?? PER_PAGE_OF_GITHUB);

/** Of an unchanged page, what its answer may leave out is as it was known. */
function pageOf({ url, status, headers }: Answer, text: string, known?: KnownPage): GithubPage {
  const { etag = known?.etag, link } = headers;
  const next = link === undefined ? known?.next : nextOf(link);
  const fetchedAt = new Date().toISOString();
  return { url, status, ...(etag !== undefined && { etag }), fetchedAt, text, ...(next !== undefined && { next }) };
}

const nextOf = (link: string): string | undefined => /<([^<>]+)>;\s*rel="next"/.exec(link)?.[1];
