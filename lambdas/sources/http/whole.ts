/** A response that is whole before it counts: a body that is cut off or stalls is a request that failed. */
import { fetchAtOrigin } from '../redirects.ts';

export interface WholeResponse {
  /** After redirects. */
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  /** As they came. */
  readonly bytes: Uint8Array;
}

/** Redirects are followed at the same origin alone; another one is a response like any. */
export async function fetchWhole(
  url: string,
  { timeoutMs, ...init }: RequestInit & { readonly method: string; readonly timeoutMs: number },
): Promise<WholeResponse> {
  const signal = AbortSignal.timeout(timeoutMs);
  const response = await fetchAtOrigin({ url: new URL(url), init: { ...init, signal } });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { status, statusText, headers } = response;
  return { url: response.url, status, statusText, headers, bytes };
}
