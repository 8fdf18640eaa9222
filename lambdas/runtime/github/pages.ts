/** A list of GitHub's API, page by page, each as the text that the API sent. */
import * as z from 'zod';
import type { Connection } from '#lib/contract/task-type.ts';
import { Terminal, Transient } from '../errors.ts';
import type { TaskContext } from '../implement.ts';
import { refused } from './refusals.ts';
import { wholeFetch } from './whole-fetch.ts';

/** The secret of a connection to GitHub. */
const secret = z.object({ token: z.string().min(1), baseUrl: z.url().default('https://api.github.com') });

const PER_PAGE = '100';
/** In-process, for all limits that one list meets; what takes longer is waited for outside the Lambda. */
const LONGEST_WAIT_S = 60;
const RETRIES = 2;
/** 409 is an empty repository, and limits have their own rule. */
const NEVER_RETRIED = [400, 401, 403, 404, 409, 410, 422, 429, 451];

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

type Context = Pick<TaskContext, 'connections' | 'log'>;

/**
 * The pages of a list, in order. An empty repository (409) is one page without records.
 * @throws Terminal where GitHub refuses (401 after the secret was fetched anew, 403, 404, 422)
 * @throws Again where a rate limit lasts longer than the attempt should wait
 * @throws Transient for failures of GitHub or of the network that stayed after retries
 */
export async function* githubPages(context: Context, list: GithubList): AsyncGenerator<GithubPage> {
  const { connection, needs } = list;
  const asker = { connection: connection.connection, secretId: context.connections.secretId(connection), needs };
  const octokit = await openOctokit(context, connection);
  const first = list.from ?? `${list.path}?${new URLSearchParams({ per_page: PER_PAGE, ...list.query })}`;
  let isMidway = list.from !== undefined;
  try {
    for await (const answer of octokit.paginate.iterator(`GET ${first}`)) {
      // The iterator ends at a 409 with an answer of its own making, which has no URL.
      if (!answer.url && isMidway) throw new Transient(`GET ${first}: GitHub answered 409 in the middle of the list.`);
      yield answer.url ? page(answer) : { url: first, status: 409, fetchedAt: new Date().toISOString(), text: '[]' };
      isMidway = true;
    }
  } catch (error) {
    throw refused(error, asker);
  }
}

interface Answer {
  readonly url: string;
  readonly status: number;
  readonly headers: { readonly etag?: string | undefined; readonly link?: string | undefined };
  readonly data: unknown;
}

function page({ url, status, headers, data }: Answer): GithubPage {
  const { text } = data as { text: string };
  const { etag, link = '' } = headers;
  const next = /<([^<>]+)>;\s*rel="next"/.exec(link)?.[1];
  const fetchedAt = new Date().toISOString();
  return { url, status, ...(etag !== undefined && { etag }), fetchedAt, text, ...(next !== undefined && { next }) };
}

async function openOctokit({ connections, log }: Context, connection: Connection) {
  const [{ Octokit }, { retry }, { throttling }] = await Promise.all([
    import('@octokit/rest'),
    import('@octokit/plugin-retry'),
    import('@octokit/plugin-throttling'),
  ]);
  let { token, baseUrl } = await connections.get(connection, secret);
  let left = LONGEST_WAIT_S;
  const wait = (seconds: number) => {
    left -= seconds;
    log.warn('GitHub limits the rate', { seconds, waits: left >= 0 });
    return left >= 0;
  };
  const octokit = new (Octokit.plugin(retry, throttling))({
    baseUrl: baseUrl.replace(/\/$/, ''),
    userAgent: 'sluice',
    request: { fetch: wholeFetch, parseSuccessResponseBody: false },
    log: {
      debug: () => {},
      info: (said) => log.debug(said),
      warn: (said) => log.warn(said),
      error: (said) => log.warn(said),
    },
    retry: { doNotRetry: NEVER_RETRIED, retries: RETRIES },
    throttle: { onRateLimit: wait, onSecondaryRateLimit: wait },
  });
  let refetched = false;
  octokit.hook.wrap('request', async (request, options) => {
    const leadsTo = new URL(options.url, baseUrl).origin;
    if (leadsTo !== new URL(baseUrl).origin)
      throw new Terminal(
        `A list of ${baseUrl} leads on to ${leadsTo}. The token is not sent there; nothing was read from it.`,
      );
    const send = () => {
      // Set in place: what is passed on does not reach the hooks further in.
      options.headers.authorization = `token ${token}`;
      return request(options);
    };
    try {
      return await send();
    } catch (error) {
      if (refetched || (error as { status?: number }).status !== 401) throw error;
      refetched = true;
      ({ token } = await connections.refetch(connection, secret));
      return send();
    }
  });
  return octokit;
}
