/** A list of GitHub's API, page by page, each with its records as the API sent them. */

import { elementsOf } from '#lambdas/lake/formats/json-array.ts';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { Terminal, Transient } from '#lib/contract/errors.ts';
import type { Connection } from '#lib/contract/fields.ts';
import { beganAnewIfMoved } from '../authorized.ts';
import { nextLink } from '../link.ts';
import { type Beforehand, followPages, type KnownPage, type SourcePage } from '../pages.ts';
import { refusedRedirect } from '../redirects.ts';
import { excerpt } from '../refusals.ts';
import type { ReceivedBody } from './body-fetch.ts';
import { openOctokit } from './octokit.ts';
import { type Asker, refused } from './refusals.ts';

const PER_PAGE = '100';
/** Where the URL does not say. */
const PER_PAGE_OF_GITHUB = 30;

/** What is requested, and of whom. */
export interface GithubList extends Beforehand {
  readonly connection: Connection;
  /** Of the API: `/orgs/o/members`. */
  readonly path: string;
  /** Of the first request; the Link header leads on from there. */
  readonly query?: Readonly<Record<string, string>> | undefined;
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
export const githubPages = (context: Context, list: GithubList): AsyncGenerator<SourcePage> =>
  beganAnewIfMoved(() => pagesOf(context, list));

async function* pagesOf(context: Context, list: GithubList): AsyncGenerator<SourcePage> {
  const { connection, needs, from, known } = list;
  const asker = { connection: connection.connection, secretId: context.connections.secretId(connection), needs };
  const octokit = await openOctokit(context, connection);
  const path = `${list.path}?${new URLSearchParams({ per_page: PER_PAGE, ...list.query })}`;
  const first = octokit.request.endpoint({ method: 'GET', url: path }).url;
  const request = async (url: string, known?: KnownPage) => {
    const page = await requestPage(octokit, { url, known, asker });
    if (page.status === 409 && url !== first)
      throw new Transient(`GET ${url}: GitHub answered 409 in the middle of the list.`);
    return page;
  };
  yield* followPages(context, { connection, first, from, known, request });
}

/** What Octokit gives. */
interface GithubResponse {
  readonly url: string;
  readonly status: number;
  readonly headers: { readonly etag?: string | undefined; readonly link?: string | undefined };
  readonly data: unknown;
}
type Octokit = Awaited<ReturnType<typeof openOctokit>>;
interface PageRequest {
  readonly url: string;
  readonly known?: KnownPage | undefined;
  readonly asker: Asker;
}

async function requestPage(octokit: Octokit, { url, known, asker }: PageRequest): Promise<SourcePage> {
  const condition = known && tellsAll(url, known) ? { 'if-none-match': known.etag } : {};
  try {
    const response: GithubResponse = await octokit.request({ method: 'GET', url, headers: condition });
    return pageOf(response, elementsOf(bodyOf(response, asker), `the response of ${response.url}`));
  } catch (error) {
    const { status, response } = error as { status?: number; response?: GithubResponse };
    if (status === 409) return { url, status, fetchedAt: new Date().toISOString(), records: [] };
    if (status !== 304 || !response) throw refused(error, asker);
    if (!('if-none-match' in condition))
      throw new Transient(
        `${requestOf(url, asker)}: GitHub answered 304, although no ETag was sent. It needs ${asker.needs}.`,
      );
    const records = await known?.records();
    return records === undefined ? requestPage(octokit, { url, asker }) : pageOf(response, records, known);
  }
}

const requestOf = (url: string, { connection }: Asker): string => `GET ${url} over connection '${connection}'`;

/**
 * The body of a list. All that Octokit does not throw comes here, which is more than lists.
 * @throws Terminal for a redirect that is not followed
 * @throws Transient for a success without a list: what is still being made (202), or nothing (204)
 */
function bodyOf(response: GithubResponse, asker: Asker): Uint8Array {
  const { url, status, data } = response;
  if (status === 200) return (data as ReceivedBody).bytes;
  const { needs } = asker;
  const headers = new Headers(response.headers as Record<string, string>);
  const redirect = refusedRedirect({ url, status, headers }, 'GET');
  if (redirect !== undefined) throw new Terminal(`${requestOf(url, asker)} was ${redirect}`);
  const said =
    excerpt(typeof data === 'object' ? new TextDecoder().decode((data as ReceivedBody).bytes) : '') || 'no text';
  const Refusal = status < 300 ? Transient : Terminal;
  throw new Refusal(`${requestOf(url, asker)}: GitHub answered ${status} without a list: ${said}. It needs ${needs}.`);
}

/**
 * Whether an unchanged page tells all. An ETag is of the records alone, and GitHub may answer 304 without a Link header:
 * where the list ended with a full page, nothing would tell that there is another one by now.
 */
const tellsAll = (url: string, { next, rows }: KnownPage): boolean =>
  next !== undefined || rows < Number(new URL(url).searchParams.get('per_page') ?? PER_PAGE_OF_GITHUB);

/** Of an unchanged page, what its response may leave out is as it was known. */
function pageOf(
  { url, status, headers }: GithubResponse,
  records: readonly Uint8Array[],
  known?: KnownPage,
): SourcePage {
  const { etag = known?.etag, link } = headers;
  const next = link === undefined ? known?.next : nextLink(link, url);
  const fetchedAt = new Date().toISOString();
  return { url, status, ...(etag !== undefined && { etag }), fetchedAt, records, ...(next !== undefined && { next }) };
}
