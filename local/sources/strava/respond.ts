import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Grants, Refused } from './grants.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Activity, World } from './world.ts';
import { written } from './world.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Served {
  readonly world: World;
  readonly grants: Grants;
  readonly limits: RateLimits;
}

const PER_PAGE = 30;
const MOST_PER_PAGE = 200;
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

export function respond(served: Served, request: IncomingMessage, body: string): Reply {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stand-in');
  const route = `${request.method} ${pathname}`;
  if (route === 'GET /oauth/authorize') return authorized(served, searchParams);
  if (route === 'POST /oauth/token' || route === 'POST /api/v3/oauth/token')
    return given(served.grants.token(new URLSearchParams(body)));
  const { isOver, headers } = served.limits.count();
  const reply = isOver ? failure(429, 'Rate Limit Exceeded', []) : ofApi(served, route, request);
  return { ...reply, headers: { ...JSON_TYPE, ...headers, ...reply.headers } };
}

function ofApi({ world, grants }: Served, route: string, request: IncomingMessage): Reply {
  const athlete = grants.athleteOf(/^Bearer (\w+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '');
  if (athlete === undefined) return refused({ status: 401, resource: 'Athlete', field: 'access_token' });
  if (route !== 'GET /api/v3/athlete/activities') return failure(404, 'Record Not Found', []);
  const query = new URL(request.url ?? '/', 'http://stand-in').searchParams;
  return revalidated(written(selected(world.activities(athlete), query)), request.headers['if-none-match']);
}

/** The newest first; those after an instant, by when they began, the oldest first. */
function selected(all: readonly Activity[], query: URLSearchParams): Activity[] {
  const [after, before] = [query.get('after'), query.get('before')];
  const time = ({ start_date }: Activity) => Date.parse(start_date) / 1000;
  const chosen = all
    .filter((one) => (after === null || time(one) > Number(after)) && (before === null || time(one) < Number(before)))
    .sort((one, other) => (time(one) - time(other)) * (after === null ? -1 : 1));
  const size = Math.min(Number(query.get('per_page') ?? PER_PAGE) || PER_PAGE, MOST_PER_PAGE);
  const from = (Math.max(Number(query.get('page') ?? 1) || 1, 1) - 1) * size;
  return chosen.slice(from, from + size);
}

function revalidated(body: string, known: string | undefined): Reply {
  const etag = `W/"${createHash('md5').update(body).digest('hex')}"`;
  return known === etag ? { status: 304, headers: { etag }, body: '' } : { status: 200, headers: { etag }, body };
}

/** As if the athlete had agreed at once. */
function authorized({ world, grants }: Served, query: URLSearchParams): Reply {
  const code = grants.authorize(world.athlete('strava'), query);
  if (typeof code !== 'string') return refused(code);
  const to = new URL(query.get('redirect_uri') ?? '');
  for (const [name, value] of Object.entries({
    state: query.get('state') ?? '',
    code,
    scope: query.get('scope') ?? '',
  }))
    to.searchParams.set(name, value);
  return { status: 302, headers: { location: to.href }, body: '' };
}

const given = (token: object | Refused): Reply =>
  'resource' in token ? refused(token as Refused) : { status: 200, headers: JSON_TYPE, body: JSON.stringify(token) };

const refused = ({ status, resource, field }: Refused): Reply =>
  failure(status, status === 401 ? 'Authorization Error' : 'Bad Request', [{ resource, field, code: 'invalid' }]);

const failure = (status: number, message: string, errors: readonly object[]): Reply => ({
  status,
  headers: JSON_TYPE,
  body: JSON.stringify({ message, errors }),
});
