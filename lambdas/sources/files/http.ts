import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { SluiceError, Terminal, Transient } from '#lib/contract/errors.ts';
import type { Connection } from '#lib/contract/fields.ts';
import { type HttpRequest, headersOf, secret, type Target, urlOf } from '../http/target.ts';
import { fetchAtOrigin, refusedRedirect } from '../redirects.ts';
import { isPassing } from '../refusals.ts';
import type { OpenedFile, SourceFile } from './file.ts';

type Context = Pick<TaskContext, 'connections' | 'run' | 'task' | 'environment'>;

const NOT_MODIFIED = 304;
const UNAUTHORIZED = 401;
/** Of a version that is a time, since the server gives no ETag. */
const MODIFIED = 'modified ';

/** A file over a connection of type `http`, below its baseUrl. */
export async function httpFile(context: Context, connection: Connection, path: string): Promise<SourceFile> {
  const request: HttpRequest = { connection, method: 'GET', path };
  const target = await context.connections.get(connection, secret);
  const url = urlOf(target, request);
  const asked = `GET ${url} over connection '${connection.connection}'`;

  const send = async (by: Target, known: string | undefined): Promise<Response> => {
    const headers = headersOf(by, request, context);
    if (known?.startsWith(MODIFIED)) headers.set('if-modified-since', known.slice(MODIFIED.length));
    else if (known !== undefined) headers.set('if-none-match', known);
    try {
      return await fetchAtOrigin({ url, init: { method: 'GET', headers } });
    } catch (cause) {
      const { message, cause: deeper } = cause as Error & { cause?: Error };
      throw new Transient(`${asked} failed: ${deeper?.message || message}.`, { cause });
    }
  };
  return {
    url: url.href,
    open: async (known) => {
      let response = await send(target, known);
      if (response.status === UNAUTHORIZED) {
        await response.body?.cancel();
        response = await send(await context.connections.refetch(connection, secret), known);
      }
      if (response.status === NOT_MODIFIED && known !== undefined) return undefined;
      await refuse(response, asked);
      return opened(response, asked);
    },
  };
}

async function refuse(response: Response, asked: string): Promise<void> {
  const { status, statusText, headers } = response;
  const redirect = refusedRedirect(response, 'GET');
  const isPage = /\bhtml\b/i.test(headers.get('content-type') ?? '');
  if (response.ok && !isPage) return;
  await response.body?.cancel();
  if (redirect !== undefined) throw new Terminal(`${asked} was ${redirect}`);
  const told = `${asked} was answered with ${status} ${statusText}`;
  if (isPassing(status)) throw new Transient(`${told}.`);
  if (response.ok) throw new Terminal(`${told}, but with a page of HTML in place of the file. Nothing was loaded.`);
  throw new Terminal(`${told}. Nothing was loaded. Correct the path, or what the connection's headers allow.`);
}

function opened({ status, headers, body }: Response, asked: string): OpenedFile {
  const modified = headers.get('last-modified');
  const version = headers.get('etag') ?? (modified === null ? undefined : MODIFIED + modified);
  return { status, version, chunks: read(body, asked) };
}

async function* read(body: Response['body'], asked: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body ?? []) yield chunk;
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause;
    throw new Transient(`${asked}: the file was cut off on its way. Nothing was loaded.`, { cause });
  }
}
