import { fetchWhole } from '../http/whole.ts';
import { secondsToWait } from '../refusals.ts';

/** What a response has in place of a parsed body. */
export interface ReceivedBody {
  readonly bytes: Uint8Array;
}

const TIMEOUT_MS = 30_000;

/**
 * What Octokit takes as its fetch: a response is whole, as the bytes that came, before it counts, so that a body that is
 * cut off or stalls is retried.
 *
 * Octokit reads the body of an error in a way of its own for each content type, and fails on some. It is told JSON,
 * which it takes for text where it is none.
 */
export async function fetchBody(url: string, options: RequestInit & { readonly method: string }): Promise<object> {
  const { bytes, ...response } = await fetchWhole(url, { ...options, timeoutMs: TIMEOUT_MS });
  const headers = new Headers(response.headers);
  headers.set('content-type', 'application/json');
  // It takes seconds alone.
  const seconds = secondsToWait(headers.get('retry-after'));
  if (seconds !== undefined) headers.set('retry-after', String(seconds));
  return {
    ...response,
    headers,
    body: { bytes } satisfies ReceivedBody,
    text: async () => new TextDecoder().decode(bytes),
  };
}
