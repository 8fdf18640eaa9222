/** A stand-in for the server from which the app's files are fetched. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { directoryFiles, type Files, generatedFiles, type ServedFile } from './files.ts';

export { catalogueOf } from './catalogue.ts';
export { eventsOf } from './events.ts';

export interface MusicAppOptions {
  /** The same seed gives the same files, byte for byte. Default 1. */
  readonly seed?: number;
  /** A directory to serve instead, with `songs.ndjson` and `log_data/<day>-events.json`. */
  readonly source?: string;
}

export interface MusicApp {
  /** `http://127.0.0.1:4000`. */
  readonly url: string;
  /** What was requested, with what was answered: `GET /songs.ndjson 200`. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts the stand-in on the loopback interface. It knows ETag and Last-Modified, and gives ranges of bytes.
 * @throws {Error} when `source` has not the layout of the app's files
 */
export async function startMusicApp({ seed = 1, source }: MusicAppOptions = {}): Promise<MusicApp> {
  const files = source === undefined ? generatedFiles(seed) : directoryFiles(source);
  const requests: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    respond(files, request, response);
    requests.push(`${request.method} ${request.url} ${response.statusCode}`);
  });
  // A client's idle connection must not meet a server that has just closed it.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function respond(files: Files, request: IncomingMessage, response: ServerResponse): void {
  const file = files(new URL(request.url ?? '/', 'http://stand-in').pathname);
  if (!file) {
    response.writeHead(404, { 'content-type': 'text/html' }).end('<html><body>404 Not Found</body></html>');
    return;
  }
  const etag = `"${createHash('md5').update(file.bytes).digest('hex')}"`;
  const headers = { etag, 'last-modified': file.modified.toUTCString(), 'accept-ranges': 'bytes' };
  if (isKnown(request, file, etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const { status, body, more } = selected(request, file, etag);
  response.writeHead(status, { ...headers, ...more, 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function isKnown({ headers }: IncomingMessage, { modified }: ServedFile, etag: string): boolean {
  if (headers['if-none-match'] !== undefined) return headers['if-none-match'] === etag;
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return Math.floor(modified.getTime() / 1000) * 1000 <= since;
}

function selected({ headers }: IncomingMessage, { bytes }: ServedFile, etag: string) {
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '');
  const isOther = headers['if-range'] !== undefined && headers['if-range'] !== etag;
  if (!range || isOther) return { status: 200, body: bytes, more: {} };
  const from = Number(range[1]);
  const to = Math.min(range[2] ? Number(range[2]) : bytes.length - 1, bytes.length - 1);
  if (from > to) return { status: 416, body: Buffer.alloc(0), more: { 'content-range': `bytes */${bytes.length}` } };
  const more = { 'content-range': `bytes ${from}-${to}/${bytes.length}` };
  return { status: 206, body: bytes.subarray(from, to + 1), more };
}
