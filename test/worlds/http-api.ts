/** A server that answers as a test says, and the connection of type `http` that leads there. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Aws, openAws } from './aws.ts';
import { describeFunction } from './task-services.ts';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Answer = (request: Received, response: ServerResponse) => void;

export const api = { connection: 'api', type: 'http' } as const;
const SECRET = 'api-secret';

export interface HttpApi {
  readonly url: string;
  readonly aws: Aws;
  /** What came since the last `answers`. */
  readonly received: readonly Received[];
  /** How it answers from now on: the first request as the first says, all further ones as the last. */
  answers(...answers: Answer[]): void;
  setSecret(secret: object): void;
  close(): Promise<void>;
}

/** To be called before the handler's first event. */
export async function openHttpApi(): Promise<HttpApi> {
  const aws = await openAws();
  describeFunction(aws);
  process.env['SLUICE_CONNECTIONS'] = JSON.stringify({ [api.connection]: SECRET });
  let planned: Answer[] = [];
  const received: Received[] = [];
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const { method, url, headers } = request;
    const one = { method, url, headers, body: await text(request) };
    received.push(one);
    (planned[received.length - 1] ?? planned.at(-1))?.(one, response);
  };
  const server = createServer((request, response) => void receive(request, response)).listen(0, '127.0.0.1');
  // A client's idle connection must not meet a server that has just closed it.
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const setSecret = (secret: object) => void aws.setSecret(SECRET, JSON.stringify(secret));
  setSecret({ baseUrl: `${url}/v1/`, headers: { authorization: 'Bearer pass-word' } });
  return {
    url,
    aws,
    received,
    setSecret,
    answers: (...answers) => {
      planned = answers;
      received.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await aws.close();
    },
  };
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
