import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RateLimit } from './rate-limit.ts';
import { failure, json, notFound, type Reply } from './reply.ts';
import { route } from './routes.ts';
import type { World } from './world.ts';

/** What one server shows, and to whom. */
export interface Served {
  readonly world: World;
  readonly limit: RateLimit;
  readonly token: string | undefined;
}

/** The whole answer to one request, but for sending it. */
export const respond = (served: Served, request: IncomingMessage): Reply => {
  const reply = revalidated(answered(served, request), request.headers['if-none-match']);
  if (reply.status !== 304 && reply.status !== 401 && !isRateLimit(request)) served.limit.count();
  return {
    ...reply,
    headers: {
      server: 'GitHub.com',
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'private, max-age=60, s-maxage=60',
      vary: 'Accept, Authorization, Cookie, X-GitHub-OTP',
      'x-github-media-type': 'github.v3; format=json',
      'x-github-api-version-selected': '2022-11-28',
      'x-github-request-id': randomUUID().toUpperCase().replaceAll('-', ':'),
      ...served.limit.headers(),
      ...(reply.status !== 304 && { 'content-length': String(reply.body.length) }),
      ...reply.headers,
    },
  };
};

const isRateLimit = (request: IncomingMessage) => request.url === '/rate_limit';

const answered = (served: Served, request: IncomingMessage): Reply => {
  try {
    return refusal(served, request) ?? answer(served, request);
  } catch (error) {
    // Whoever runs the stand-in reads what its client was answered with.
    return failure(500, `The stand-in failed: ${error instanceof Error ? error.message : error}`);
  }
};

const refusal = ({ token }: Served, { headers, method }: IncomingMessage): Reply | undefined => {
  const [scheme = '', given] = (headers.authorization ?? '').split(' ');
  if (scheme === '') return failure(401, 'Requires authentication');
  const isKnown = token === undefined || (/^(token|bearer)$/i.test(scheme) && given === token);
  if (!isKnown) return failure(401, 'Bad credentials');
  return method === 'GET' || method === 'HEAD' ? undefined : notFound();
};

const answer = ({ world, limit }: Served, request: IncomingMessage): Reply => {
  if (isRateLimit(request)) return json(JSON.stringify({ resources: { core: limit.state }, rate: limit.state }));
  const [path = '', query] = (request.url ?? '/').split('?');
  return route({
    world,
    base: `http://${request.headers.host}`,
    path: path.split('/').slice(1).map(decoded),
    query: new URLSearchParams(query),
  });
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** Gives an answer its ETag, and takes its body away where the client has it already. */
const revalidated = (reply: Reply, known: string | undefined): Reply => {
  if (reply.status !== 200) return reply;
  const etag = `"${createHash('sha256').update(reply.body).digest('hex')}"`;
  const headers = { ...reply.headers, etag };
  const isKnown = known?.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
  return isKnown ? { status: 304, body: Buffer.alloc(0), headers } : { ...reply, headers };
};
