/** A server that answers as a test tells it to, in place of GitHub's API. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Ends the connection in the middle of the body. */
  readonly cut?: boolean;
  /** Leaves it open there. */
  readonly stalled?: boolean;
}

/** What was asked: the path with its query, and what the headers say. */
export interface Asked {
  readonly path: string;
  readonly token: string | undefined;
  readonly agent: string | undefined;
  /** The ETag that the client has. */
  readonly known: string | undefined;
}

export type Github = Awaited<ReturnType<typeof openGithub>>;

/** @param answer gets the request, and the server's own URL for links */
export async function openGithub(answer: (asked: Asked, url: string) => Answer) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const one = read(request);
    asked.push(one);
    const { status = 200, headers = {}, body = '[]', cut, stalled } = answer(one, url);
    const ofBody = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    };
    response.writeHead(status, { ...(status !== 304 && ofBody), ...headers });
    if (!cut && !stalled) return void response.end(body);
    response.write(body.slice(0, body.length / 2));
    if (stalled) return;
    setTimeout(() => response.destroy(), 20);
  });
  // A client's idle connection must not meet a server that has just closed it.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { url, asked, close };
}

const read = ({ url = '/', headers }: IncomingMessage): Asked => ({
  path: url,
  token: headers.authorization,
  agent: headers['user-agent'],
  known: headers['if-none-match'],
});
