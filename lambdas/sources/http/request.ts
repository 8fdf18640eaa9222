/** A request over a connection of type `http`: what comes back, or what its failure means for the attempt. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { Again, Terminal, Transient } from '#lib/contract/errors.ts';
import { excerpt, isPassing, secondsToWait } from '../refusals.ts';
import { isUnconnected, type OpenedSecret, openSecret } from '../secret.ts';
import { type Answer, exchange, READ_BYTES } from './exchange.ts';
import { type HttpRequest, headersOf, secret, type Target, urlOf } from './target.ts';

export interface HttpAnswer {
  readonly status: number;
  /** JSON where the answer says that it is, otherwise its text; null where it is empty. */
  readonly body: unknown;
  /** The request, for messages. */
  readonly asked: string;
}

type Context = Pick<TaskContext, 'connections' | 'log' | 'run' | 'task' | 'environment' | 'remaining'>;

/** In-process, for all that one request is told to wait; what takes longer is waited for outside the Lambda. */
const LONGEST_WAIT_S = 60;
const LONGEST_REQUEST_MS = 300_000;
/** Between the end of a request and that of the function. */
const MARGIN_MS = 10_000;
const REFUSALS: ReadonlySet<number> = new Set([401, 403]);

/**
 * Sends a request, again after a 401 with the secret fetched anew, and after a wait that the answer asked for.
 * @throws Terminal where it is refused
 * @throws Again where the answer asks for a longer wait than an attempt should have
 * @throws Transient for failures of the server or of the network
 */
export async function askHttp(context: Context, request: HttpRequest): Promise<HttpAnswer> {
  const { connections, log } = context;
  const opened = await openSecret(connections, request.connection, secret);
  for (let waited = 0; ; ) {
    const { answer, asked } = await connected(context, request, opened);
    const seconds = isPassing(answer.status) ? secondsToWait(answer.headers.get('retry-after')) : undefined;
    if (answer.status === 401 && (await opened.renew(true)).isFetched) continue;
    if (seconds === undefined) {
      const secretId = connections.secretId(request.connection);
      return { status: answer.status, body: bodyOf(asked, accepted(answer, { ...request, asked, secretId })), asked };
    }
    waited += seconds;
    if (waited > LONGEST_WAIT_S) throw new Again(`${told(asked, answer)} It asks for a wait of ${seconds} s.`);
    log.warn('the answer asks for a wait', { status: answer.status, seconds });
    await sleep(seconds * 1000);
  }
}

/** Where no connection is made, the secret may have been set anew to lead elsewhere. */
async function connected(context: Context, request: HttpRequest, opened: OpenedSecret<Target>) {
  try {
    return await asking(context, request, opened.current());
  } catch (error) {
    if (isUnconnected(error) && (await opened.renew(false)).isOther) return asking(context, request, opened.current());
    throw error;
  }
}

async function asking(context: Context, request: HttpRequest, target: Target) {
  const { method, body, connection } = request;
  const url = urlOf(target, request);
  const asked = `${method} ${url} over connection '${connection.connection}'`;
  const headers = headersOf(target, request, context);
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const timeoutMs = Math.max(0, Math.min(LONGEST_REQUEST_MS, context.remaining() - MARGIN_MS));
  return { asked, answer: await exchange({ url, init, asked, timeoutMs }) };
}

type Asked = HttpRequest & { readonly asked: string; readonly secretId: string };

function accepted(answer: Answer, { answers = [], asked, secretId }: Asked): Answer {
  const { status } = answer;
  if ((status >= 200 && status < 300) || answers.includes(status)) return answer;
  if (isPassing(status)) throw new Transient(told(asked, answer));
  const advice = REFUSALS.has(status) ? ` What it may do follows from the headers in the secret ${secretId}.` : '';
  throw new Terminal(`${told(asked, answer)}${advice}`);
}

function told(asked: string, { status, statusText, text }: Answer): string {
  const body = excerpt(text);
  return `${asked} was answered with ${status} ${statusText}${body === '' ? '.' : `: ${body}`}`;
}

function bodyOf(asked: string, answer: Answer): unknown {
  const { headers, text, isCut } = answer;
  if (isCut) {
    throw new Terminal(
      `${asked} was answered with more than ${READ_BYTES} bytes. ` +
        'An output is small: ask for less, or write a task type that takes the data to the lake.',
    );
  }
  if (text === '') return null;
  if (!/[/+]json\b/i.test(headers.get('content-type') ?? '')) return text;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Transient(`${told(asked, answer)}\nIt says that it is JSON, and is not.`, { cause });
  }
}
