import { Again, NotThere, Terminal, Transient } from '#lib/contract/errors.ts';

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

/** GitHub said until when it is not to be asked. */
export class Limited extends Again {
  readonly until: Date;

  constructor(message: string, { until, ...options }: ErrorOptions & { readonly until: Date }) {
    super(message, options);
    this.until = until;
  }
}

const PASSING = new Set([408, 409, 425]);
const NOT_THERE = new Set([404, 410, 422]);

/** What a failed request means for the attempt. */
export function refused(error: unknown, asker: Asker): unknown {
  if (!isRequestError(error)) return error;
  const { status, message, request } = error;
  const asked = `${request.method} ${request.url} over connection '${asker.connection}'`;
  const answer = `${asked}: GitHub answered ${status}: ${message}.`;
  if (isLimit(error)) return limited(error, asked);
  if (status >= 500 || PASSING.has(status)) return new Transient(`${asked} failed: ${message}.`, { cause: error });
  const Refusal = NOT_THERE.has(status) ? NotThere : Terminal;
  return new Refusal(`${answer} ${advice(status, asker)}`, { cause: error });
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
  const seconds = Number(after) || SECONDARY_LIMIT_S;
  const until = new Date(isPrimary ? reset * 1000 : Date.now() + seconds * 1000);
  const said = isPrimary ? `until ${until.toISOString()}` : `for ${seconds} s`;
  const message = `${asked}: GitHub limits the rate ${said} (${error.status}: ${error.message}).`;
  return new Limited(message, { until, cause: error });
}

function advice(status: number, { connection, secretId, needs }: Asker): string {
  const set = `aws secretsmanager put-secret-value --secret-id ${secretId} --secret-string '{"token":"…"}'`;
  if (status === 401) return `Its secret was fetched anew and holds no valid token; it needs ${needs}. Set it: ${set}`;
  if (status === 404) return `Either there is no such thing, or the token may not see it: it needs ${needs}.`;
  return `The token of '${connection}' needs ${needs}; with another one: ${set}`;
}
