/** GitHub's own client: it retries what may pass, waits for short limits, and fetches a refused token anew once. */
import * as z from 'zod';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { Terminal } from '#lib/contract/errors.ts';
import type { Connection } from '#lib/contract/fields.ts';
import { wholeFetch } from './whole-fetch.ts';

/** The secret of a connection to GitHub. */
const secret = z.object({ token: z.string().min(1), baseUrl: z.url().default('https://api.github.com') });

/** In-process, for all limits that one list meets; what takes longer is waited for outside the Lambda. */
const LONGEST_WAIT_S = 60;
const RETRIES = 2;
/** 409 is an empty repository, and limits have their own rule. */
const NEVER_RETRIED = [400, 401, 403, 404, 409, 410, 422, 429, 451];

/** A client for one list. What succeeds has `{text}` as its data, as the API sent it. */
export async function openOctokit(
  { connections, log }: Pick<TaskContext, 'connections' | 'log'>,
  connection: Connection,
) {
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
      // Also of what is no failure here: a page that is unchanged.
      error: (said) => (/ - 304 with id /.test(said) ? log.debug(said) : log.warn(said)),
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
