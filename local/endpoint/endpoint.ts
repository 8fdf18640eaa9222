/** The one HTTP server: hands each request to the service that it is signed for. Listens on the loopback only. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EmbeddedAwsError } from '../machine/errors.ts';
import { errorOf, type Handler, readBody } from './exchange.ts';
import { signedService } from './scope.ts';

type RawHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** By the service's name in a signature. Filled while the embedded AWS starts. */
interface Services {
  readonly handlers: Map<string, Handler>;
  /** For a service that streams its bodies. */
  readonly raw: Map<string, RawHandler>;
  /** For requests without a signature, by path. */
  readonly unsigned: Map<string, Handler>;
}

export interface Endpoint extends Services {
  readonly url: string;
  close(): Promise<void>;
}

/** @param port 0 takes any that is free */
export async function openEndpoint(port: number): Promise<Endpoint> {
  const services: Services = { handlers: new Map(), raw: new Map(), unsigned: new Map() };
  const server = createServer((request, response) => void serve(services, request, response));
  // A client's idle connection must not meet a server that has just closed it.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(refused(port, cause)));
    server.listen(port, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { ...services, url, close };
}

async function serve(services: Services, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const service = signedService(request.headers, url);
  try {
    const raw = services.raw.get(service ?? '');
    if (raw) return await raw(request, response);
    const handler = service === undefined ? services.unsigned.get(url.pathname) : services.handlers.get(service);
    const body = await readBody(request);
    if (!handler) return refuse(response, service, url);
    const answer = await handler({ method: request.method ?? 'GET', url, headers: request.headers, body });
    response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
    response.end(answer.body);
  } catch (error) {
    const { code, message, status } = errorOf(error);
    if (response.headersSent) response.destroy();
    else writeError(response, { code, message, status });
  }
}

function refuse(response: ServerResponse, service: string | undefined, url: URL): void {
  const [code, message, status] =
    service === undefined
      ? ([
          'MissingAuthenticationToken',
          `The request for ${url.pathname} is not signed, so no service can be told.`,
          403,
        ] as const)
      : (['NotImplemented', `The service ${service} is not part of the embedded AWS.`, 501] as const);
  writeError(response, { code, message, status });
}

/** In a shape that clients of each protocol understand. */
function writeError(
  response: ServerResponse,
  { code, message, status }: { code: string; message: string; status: number },
) {
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': code });
  response.end(JSON.stringify({ __type: code, message, Message: message }));
}

const refused = (port: number, cause: Error): Error =>
  (cause as NodeJS.ErrnoException).code === 'EADDRINUSE'
    ? new EmbeddedAwsError(
        `The port ${port} is in use by another program. Choose another one, or 0 for any that is free.`,
        { cause },
      )
    : cause;
