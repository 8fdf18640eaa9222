/** Redirects, followed by hand: fetch would take all headers but Authorization to wherever it is led. */

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 5;
/** Without effects, so that neither a repetition nor a redirect matters. */
export const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD']);

interface Sent {
  readonly url: URL;
  readonly init: RequestInit & { readonly method: string };
}

/** @returns the response, which is a redirect still where that one is not to be followed */
export async function fetchAtOrigin({ url, init }: Sent, left = MOST_REDIRECTS): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: 'manual' });
  const to = redirectOf(response);
  if (!to || to.origin !== url.origin || !SAFE.has(init.method) || left === 0) return response;
  await response.body?.cancel();
  return fetchAtOrigin({ url: to, init }, left - 1);
}

type Redirect = Pick<Response, 'status' | 'url'> & { readonly headers: Pick<Headers, 'get'> };

function redirectOf({ status, url, headers }: Redirect): URL | undefined {
  const location = headers.get('location');
  return REDIRECTS.has(status) && location !== null ? (URL.parse(location, url) ?? undefined) : undefined;
}

/** Why a redirect was not followed, with what to do; undefined of a response that is none. */
export function refusedRedirect(response: Redirect, method: string): string | undefined {
  const to = redirectOf(response);
  if (!to) return undefined;
  const led = `redirected (${response.status}) to ${to.origin}${to.pathname}`;
  if (to.origin !== new URL(response.url).origin)
    return `${led}. The connection's headers are not sent there: set its baseUrl to where it should lead.`;
  if (!SAFE.has(method)) return `${led}. Only GET and HEAD are sent again: give the task that path.`;
  return `${led}, the redirect after ${MOST_REDIRECTS} others. Correct the path.`;
}
