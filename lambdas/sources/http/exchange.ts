/** One request and its answer, as far as it is read. */
import { SluiceError, Terminal, Transient } from '#lib/contract/errors.ts';
import { fetchAtOrigin, refusedRedirect } from '../redirects.ts';

export interface Exchange {
  readonly url: URL;
  readonly init: { readonly method: string; readonly headers: Headers; readonly body?: string };
  /** How it is called in messages. */
  readonly asked: string;
  readonly timeoutMs: number;
}

export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly text: string;
  /** Whether there was more than is read. */
  readonly isCut: boolean;
}

/** Far more than an output may have. */
export const READ_BYTES = 1024 * 1024;

/**
 * Sends the request once and reads the answer, whatever its status.
 * @throws Transient where none came
 * @throws Terminal where a redirect is not followed
 */
export async function exchange({ url, init, asked, timeoutMs }: Exchange): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetchAtOrigin({ url, init: { ...init, signal } });
    const refusal = refusedRedirect(response, init.method);
    if (refusal !== undefined) throw new Terminal(`${asked} was ${refusal}`);
    const { status, statusText, headers } = response;
    return { status, statusText, headers, ...(await read(response)) };
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    throw new Transient(`${asked} failed: ${reasonOf(error, timeoutMs)}.`, { cause: error });
  }
}

async function read({ body }: Response): Promise<Pick<Answer, 'text' | 'isCut'>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    // Leaving the loop ends the transfer.
    if (size > READ_BYTES) break;
  }
  return { text: new TextDecoder().decode(Buffer.concat(chunks)), isCut: size > READ_BYTES };
}

function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, message, cause } = error as Error & { cause?: NodeJS.ErrnoException };
  if (name === 'TimeoutError') return `no answer within ${Math.round(timeoutMs / 1000)} s`;
  // What fetch throws says only that it failed; several addresses that failed have a code and no message.
  return cause?.message || cause?.code || message;
}
