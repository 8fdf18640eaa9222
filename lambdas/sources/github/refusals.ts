/** What GitHub's refusals mean for an attempt. */
import { NotThere, SluiceError, Terminal, Transient } from '#lib/contract/errors.ts';
import { Limited } from '../limit.ts';
import { excerpt, isPassing, secondsToWait } from '../refusals.ts';

/** What Octokit throws. */
interface RequestError extends Error {
  readonly status: number;
  readonly request: { readonly method: string; readonly url: string };
  readonly response?: { readonly headers: Readonly<Record<string, string | number | undefined>> };
}

/** Who asked, for the message. */
export interface Asker {
  readonly connection: string;
  /** How the connection's secret is set. */
  readonly secretId: string;
  /** What the token must be allowed: `read access to the organisation's members`. */
  readonly needs: string;
}

const NOT_THERE = new Set([404, 410, 422]);

/** What a failed request means for the attempt. */
export function refused(error: unknown, asker: Asker): unknown {
  if (error instanceof SluiceError || !isRequestError(error)) return error;
  const { status, request } = error;
  const message = excerpt(error.message) || 'no text';
  const asked = `${request.method} ${request.url} over connection '${asker.connection}'`;
  if (isLimit(error)) return limited(error, asked);
  if (isPassing(status) || status === 409)
    return new Transient(`${asked} failed: ${message} (${status}). It needs ${asker.needs}.`, { cause: error });
  const Refusal = NOT_THERE.has(status) ? NotThere : Terminal;
  return new Refusal(`${asked}: GitHub answered ${status}: ${message}. ${advice(status, asker)}`, { cause: error });
}

/** What GitHub refused a request with, once `refused` has classified it; undefined of another error. */
export function refusalOf(error: unknown) {
  const { cause } = error instanceof Terminal ? error : {};
  if (!isRequestError(cause)) return undefined;
  const { status, request, message } = cause;
  return { status, url: request.url, reason: excerpt(message) || 'no text' };
}

const isRequestError = (error: unknown): error is RequestError =>
  error instanceof Error && error.name === 'HttpError' && 'status' in error && 'request' in error;

function isLimit({ status, message, response }: RequestError): boolean {
  const headers = response?.headers ?? {};
  if (status !== 403 && status !== 429) return false;
  const said = /rate limit|abuse detection/i.test(message);
  return status === 429 || said || 'retry-after' in headers || headers['x-ratelimit-remaining'] === '0';
}

/** Where GitHub does not say how long a secondary limit lasts: at least so long, by its documentation. */
const SECONDARY_LIMIT_S = 60;

function limited(error: RequestError, asked: string): Limited {
  const headers = error.response?.headers ?? {};
  const after = headers['retry-after'];
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  const isPrimary = after === undefined && headers['x-ratelimit-remaining'] === '0' && Number.isFinite(reset);
  const seconds = secondsToWait(after?.toString()) ?? SECONDARY_LIMIT_S;
  const until = new Date(isPrimary ? reset * 1000 : Date.now() + seconds * 1000);
  const said = isPrimary ? `until ${until.toISOString()}` : `for ${seconds} s`;
  const message = `${asked}: GitHub limits the rate ${said} (${error.status}: ${excerpt(error.message)}).`;
  return new Limited(message, { until, cause: error });
}

function advice(status: number, { connection, secretId, needs }: Asker): string {
  const set = `aws secretsmanager put-secret-value --secret-id ${secretId} --secret-string '{"token":"…"}'`;
  if (status === 401) return `Its secret was fetched anew and holds no valid token; it needs ${needs}. Set it: ${set}`;
  if (status === 404) return `Either there is no such thing, or the token may not see it: it needs ${needs}.`;
  return `The token of '${connection}' needs ${needs}; with another one: ${set}`;
}
