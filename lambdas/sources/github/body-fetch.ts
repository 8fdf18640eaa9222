import { fetchAtOrigin } from '../redirects.ts';
import { secondsToWait } from '../refusals.ts';

/** What a response has in place of a parsed body. */
export interface ReceivedBody {
  readonly bytes: Uint8Array;
}

const TIMEOUT_MS = 30_000;

/**
 * What Octokit takes as its fetch: a response is whole, as the bytes that came, before it counts, so that a body that is cut off or
 * stalls is a failed request, which is retried, and not a failed read of one that succeeded. Redirects are followed at
 * the same origin alone; another one is a response like any.
 *
 * Octokit reads the body of an error in a way of its own for each content type, and fails on some. It is told JSON,
 * which it takes for text where it is none.
 */
export async function fetchBody(url: string, options: RequestInit & { readonly method: string }): Promise<object> {
  const init = { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) };
  const response = await fetchAtOrigin({ url: new URL(url), init });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const headers = new Headers(response.headers);
  headers.set('content-type', 'application/json');
  // It takes seconds alone.
  const seconds = secondsToWait(headers.get('retry-after'));
  if (seconds !== undefined) headers.set('retry-after', String(seconds));
  const { status, statusText } = response;
  return {
    url: response.url,
    status,
    statusText,
    headers,
    body: { bytes } satisfies ReceivedBody,
    text: async () => new TextDecoder().decode(bytes),
  };
}
