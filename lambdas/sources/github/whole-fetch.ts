const TIMEOUT_MS = 30_000;

/**
 * What Octokit takes as its fetch: an answer is whole, as the bytes that came, before it counts, so that a body that is cut off or
 * stalls is a failed request, which is retried, and not a failed read of one that succeeded.
 */
export async function wholeFetch(url: string, options: RequestInit): Promise<object> {
  const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const { status, statusText, headers } = answer;
  return {
    url: answer.url,
    status,
    statusText,
    headers,
    body: { bytes },
    text: async () => new TextDecoder().decode(bytes),
  };
}
