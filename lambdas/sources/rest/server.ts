/** The server of a REST API: what it is asked, how it is waited for, and what its refusals mean. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { NotThere, SluiceError, Terminal, Transient } from '#lib/contract/errors.ts';
import type { Connection } from '#lib/contract/fields.ts';
import { sendAuthorized } from '../authorized.ts';
import { headersOf, type Target } from '../http/target.ts';
import { fetchWhole, type WholeResponse } from '../http/whole.ts';
import { Limited } from '../limit.ts';
import { refusedRedirect } from '../redirects.ts';
import { excerpt, isPassing, secondsToWait } from '../refusals.ts';
import type { OpenedSecret } from '../secret.ts';
import type { RateLimit } from './objects.ts';
import { exhaustedUntil } from './rate-limits.ts';

export type RestContext = Pick<
  TaskContext,
  'connections' | 'log' | 'store' | 'run' | 'task' | 'environment' | 'remaining'
>;

interface Server {
  readonly context: RestContext;
  readonly connection: Connection;
  readonly opened: OpenedSecret<Target>;
  readonly limits: readonly RateLimit[];
}

/** In-process, for all limits that one list meets; what takes longer is waited for outside the Lambda. */
const LONGEST_WAIT_S = 60;
/** Of a limit that does not say how long it lasts. */
const UNSAID_LIMIT_S = 60;
const LONGEST_REQUEST_MS = 60_000;
/** Between the end of a request and that of the function. */
const MARGIN_MS = 10_000;
const RETRIES = 2;
const PAUSE_MS = 500;
const NOT_MODIFIED = 304;
const NOT_THERE: ReadonlySet<number> = new Set([404, 410, 422]);

/** A 401, for whoever may renew the credential. */
class Unauthorized extends Error {
  readonly status = 401;
  readonly response: WholeResponse;

  constructor(response: WholeResponse) {
    super('unauthorized');
    this.response = response;
  }
}

/** Requests pages of one list. */
export class Requests {
  readonly #server: Server;
  #left = LONGEST_WAIT_S;
  /** When the server may be asked again. */
  #until: Date | undefined;

  constructor(server: Server) {
    this.#server = server;
  }

  /**
   * A response of 2xx or 304.
   * @throws Limited where a limit lasts longer than the attempt should wait
   * @throws Transient for what may pass, and stayed after retries
   * @throws NotThere, Terminal for refusals
   */
  async get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<WholeResponse> {
    const asked = `GET ${url} over connection '${this.#server.connection.connection}'`;
    for (let failures = 0; ; failures++) {
      await this.#waitForLimit(asked);
      const outcome = await this.#attempt({ url, headers, asked });
      if (!(outcome instanceof Error)) return outcome;
      // What is to be waited for ends by itself: all waits together are bounded.
      if (this.#until !== undefined) continue;
      if (!(outcome instanceof Transient) || failures >= RETRIES) throw outcome;
      await sleep(PAUSE_MS * 2 ** failures);
    }
  }

  async #waitForLimit(asked: string): Promise<void> {
    const until = this.#until;
    const seconds = until === undefined ? 0 : Math.ceil((until.getTime() - Date.now()) / 1000);
    if (until === undefined || seconds <= 0) return;
    this.#left -= seconds;
    if (this.#left < 0) throw new Limited(`${asked}: the rate is limited until ${until.toISOString()}.`, { until });
    this.#server.context.log.warn('the rate is limited', { seconds });
    await sleep(seconds * 1000);
  }

  async #attempt(of: Asked): Promise<WholeResponse | SluiceError> {
    const response = await respond(this.#server, of);
    this.#until = undefined;
    if (response instanceof Error) return response;
    const { status, headers } = response;
    const exhausted = exhaustedUntil(this.#server.limits, headers);
    if ((status >= 200 && status < 300) || status === NOT_MODIFIED) {
      this.#until = exhausted;
      return response;
    }
    const seconds = isPassing(status) ? secondsToWait(headers.get('retry-after')) : undefined;
    if (status === 429 || seconds !== undefined) this.#until = limitOf(seconds, exhausted);
    return refusal(this.#server, { asked: of.asked, response });
  }
}

/** What the response says of its own, or else what its headers say, or else a minute. */
function limitOf(seconds: number | undefined, exhausted: Date | undefined): Date {
  if (seconds === undefined && exhausted) return exhausted;
  return new Date(Date.now() + (seconds ?? UNSAID_LIMIT_S) * 1000);
}

interface Asked {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly asked: string;
}

/** Whatever came; of a failure of the network an error that is returned. */
async function respond(server: Server, { url, headers, asked }: Asked): Promise<WholeResponse | Transient> {
  const { context, connection, opened } = server;
  const timeoutMs = Math.max(0, Math.min(LONGEST_REQUEST_MS, context.remaining() - MARGIN_MS));
  try {
    return await sendAuthorized({ opened, connection }, async (target) => {
      const own = { accept: 'application/json', ...headers };
      const sent = headersOf(target, { connection, method: 'GET', path: '', headers: own }, context);
      const response = await fetchWhole(url, { method: 'GET', headers: sent, timeoutMs });
      if (response.status === 401) throw new Unauthorized(response);
      return response;
    });
  } catch (error) {
    if (error instanceof Unauthorized) return error.response;
    if (error instanceof SluiceError) throw error;
    const { message, cause } = error as Error & { cause?: NodeJS.ErrnoException };
    return new Transient(`${asked} failed: ${cause?.message || cause?.code || message}.`, { cause: error });
  }
}

function refusal(server: Server, { asked, response }: { asked: string; response: WholeResponse }): SluiceError {
  const { status, statusText, bytes } = response;
  const redirect = refusedRedirect(response, 'GET');
  if (redirect !== undefined) return new Terminal(`${asked} was ${redirect}`);
  const said = excerpt(new TextDecoder().decode(bytes)) || 'no text';
  const told = `${asked} was answered with ${status} ${statusText}: ${said}`;
  if (isPassing(status)) return new Transient(told);
  const Refusal = NOT_THERE.has(status) ? NotThere : Terminal;
  return new Refusal(`${told}. ${advice(server, status)}`);
}

function advice({ context, connection }: Server, status: number): string {
  const secret = `the secret ${context.connections.secretId(connection)}`;
  if (status === 401) return `What ${secret} holds is not taken, also after it was renewed. Set it anew.`;
  if (status === 403) return `What ${secret} holds may not read it.`;
  return 'Correct the path or the query of the task.';
}
