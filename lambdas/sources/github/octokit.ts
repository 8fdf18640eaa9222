/** GitHub's own client: it retries what may pass, waits for short limits, and fetches a refused token anew once. */
import * as z from 'zod';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import type { Connection } from '#lib/contract/fields.ts';
import { sendAuthorized } from '../authorized.ts';
import { openSecret } from '../secret.ts';
import { fetchBody } from './body-fetch.ts';

/** The secret of a connection to GitHub. */
const secret = z.object({ token: z.string().min(1), baseUrl: z.url().default('https://api.github.com') });

/** In-process, for all limits that one list meets; what takes longer is waited for outside the Lambda. */
const LONGEST_WAIT_S = 60;
const RETRIES = 2;
/** 409 is an empty repository, and limits have their own rule. */
const NEVER_RETRIED = [400, 401, 403, 404, 409, 410, 422, 429, 451];

/** A client for one list. What succeeds has `{bytes}` as its data, as the API sent them. */
export async function openOctokit(
  { connections, log }: Pick<TaskContext, 'connections' | 'log'>,
  connection: Connection,
) {
  const [{ Octokit }, { retry }, { throttling }] = await Promise.all([
    import('@octokit/rest'),
    import('@octokit/plugin-retry'),
    import('@octokit/plugin-throttling'),
  ]);
  const opened = await openSecret(connections, connection, secret);
  const { baseUrl } = opened.current();
  let left = LONGEST_WAIT_S;
  const wait = (seconds: number) => {
    left -= seconds;
    log.warn('GitHub limits the rate', { seconds, waits: left >= 0 });
    return left >= 0;
  };
  const octokit = new (Octokit.plugin(retry, throttling))({
    baseUrl: baseUrl.replace(/\/$/, ''),
    userAgent: 'sluice',
    request: { fetch: fetchBody, parseSuccessResponseBody: false },
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
  octokit.hook.wrap('request', (request, options) =>
    sendAuthorized({ opened, connection }, ({ token }) => {
      // Set in place: what is passed on does not reach the hooks further in.
      options.headers.authorization = `token ${token}`;
      return request(options);
    }),
  );
  return octokit;
}
