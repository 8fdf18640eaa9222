/** A stand-in for Strava's API (v3) and its OAuth endpoints, as far as pipelines read them. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Grants, type Rotation } from './grants.ts';
import { type Allowance, RateLimits } from './rate-limits.ts';
import { type Reply, respond } from './respond.ts';
import { type Activity, directoryWorld, generatedWorld } from './world.ts';

export type { Activity, Rotation };

export interface StravaOptions {
  /** The same seed gives the same athletes, byte for byte. Default 1. */
  readonly seed?: number;
  /** A folder to serve instead: each `*.json` in it is a list of activities as the API gives it, of one athlete or several. */
  readonly source?: string;
  /** What becomes of a refresh token that is used. Default `strict`, as Strava documents it. */
  readonly rotation?: Rotation;
  /** Requests in a quarter of an hour and in a day. */
  readonly limits?: Partial<Allowance>;
  /** Seconds for which an access token is valid. Default 21,600. */
  readonly expiresIn?: number;
  /** Whether an authorization must come with PKCE, which Strava does not know. Default false. */
  readonly pkce?: boolean;
}

export interface Strava {
  /** Of the server: `http://127.0.0.1:4000`. */
  readonly url: string;
  /** What was requested, with what was answered: `GET /api/v3/athlete/activities 200`. */
  readonly requests: readonly string[];
  /** What a client has of an athlete who has granted it access: the first name is the first athlete, and so on. */
  connect(name: string): {
    baseUrl: string;
    tokenUrl: string;
    clientId: string;
    clientSecret: string;
    refreshToken: string;
  };
  /** Changes what the athletes have; of a folder, its files are changed instead. */
  change(by: (activities: Activity[]) => Activity[]): void;
  /** No access token that was given is valid any more. */
  expire(): void;
  close(): Promise<void>;
}

/** Starts the stand-in on the loopback interface. */
export async function startStrava(options: StravaOptions = {}): Promise<Strava> {
  const { seed = 1, source, rotation = 'strict', limits = {}, expiresIn = 21_600, pkce = false } = options;
  const world = source === undefined ? generatedWorld(seed) : directoryWorld(source);
  const grants = new Grants({ rotation, expiresIn, pkce });
  const served = { world, grants, limits: new RateLimits(limits) };
  const requests: string[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request);
    const { status, headers, body: sent } = answer(() => respond(served, request, body));
    requests.push(`${request.method} ${request.url} ${status}`);
    response.writeHead(status, headers).end(sent);
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    connect: (name) => ({
      baseUrl: `${url}/api/v3`,
      tokenUrl: `${url}/oauth/token`,
      ...grants.client,
      refreshToken: grants.grant(world.athlete(name)),
    }),
    change: world.change,
    expire: () => grants.expire(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Whoever runs the stand-in reads what its client was answered with. */
function answer(work: () => Reply): Reply {
  try {
    return work();
  } catch (error) {
    return { status: 500, headers: {}, body: JSON.stringify({ message: `The stand-in failed: ${error}` }) };
  }
}
