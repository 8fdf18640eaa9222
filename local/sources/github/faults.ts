/** What goes wrong on demand, as it does with GitHub: for tests of what calls the API. */
import { setTimeout as sleep } from 'node:timers/promises';
import { failure, type Reply } from './reply.ts';

/** A kind of fault, and the requests that it befalls. */
export interface Fault {
  readonly fault: keyof typeof FAULTS;
  /** Befalls requests whose path with its query matches; without it, all. */
  readonly on?: RegExp;
  /** Of the requests that match, the first that it befalls: 1 where absent. What comes midway has 2 or more. */
  readonly from?: number;
  /** How many in a row it befalls: 1 where absent, Infinity for good. */
  readonly times?: number;
  /** How long a limit lasts or a slow answer takes: 1 where absent. */
  readonly seconds?: number;
}

/** An answer, and how it is sent. */
export interface Answer extends Reply {
  /** The connection ends in the middle of the body. */
  readonly isCut?: boolean;
}

interface Befallen {
  readonly reply: Reply;
  /** The page whose link led here. */
  readonly before: Buffer | undefined;
  readonly seconds: number;
}

const FAULTS = {
  'primary-limit': ({ seconds }: Befallen) =>
    limited('API rate limit exceeded for user ID 583231.', {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000 + seconds)),
    }),
  'secondary-limit': ({ seconds }: Befallen) =>
    limited('You have exceeded a secondary rate limit. Please wait a few minutes before you try again.', {
      'retry-after': String(seconds),
    }),
  /** A token that was revoked, where it lasts. */
  unauthorized: () => failure(401, 'Bad credentials'),
  forbidden: () => failure(403, 'Resource not accessible by personal access token'),
  /** A repository that vanished, where it lasts. */
  'not-found': () => failure(404, 'Not Found'),
  conflict: () => failure(409, 'Git Repository is empty.'),
  'error-500': () => page(500, 'Internal Server Error'),
  'error-502': () => page(502, 'Bad Gateway'),
  'error-503': () => page(503, 'Service Unavailable'),
  truncated: ({ reply }: Befallen) => ({ ...reply, isCut: true }),
  slow: async ({ reply, seconds }: Befallen) => {
    await sleep(seconds * 1000);
    return reply;
  },
  /** The objects of the page before come again, as where the list grew at its head in between. */
  repeated: ({ reply, before }: Befallen) => ({ ...reply, body: joined(before, reply.body) }),
  /** The page's objects in the opposite order. */
  reordered: ({ reply }: Befallen) => ({
    ...reply,
    body: Buffer.from(JSON.stringify((JSON.parse(reply.body.toString()) as unknown[]).toReversed())),
  }),
} satisfies Record<string, (befallen: Befallen) => Answer | Promise<Answer>>;

const limited = (message: string, headers: Record<string, string>): Answer => ({ ...failure(403, message), headers });

/** What a gateway in front of the API answers: no JSON. */
const page = (status: number, title: string): Answer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: Buffer.from(`<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`),
});

/** Two lists as one, each object byte for byte. */
const joined = (before: Buffer | undefined, own: Buffer): Buffer => {
  const objects = [before ?? Buffer.from('[]'), own].map((list) => list.subarray(1, -1));
  return Buffer.from(`[${objects.filter(({ length }) => length > 0).join(',')}]`);
};

/** The faults of one server. */
export class Faults {
  #pending: { readonly fault: Fault; met: number }[] = [];
  /** By the path that a page's link leads to, the page. */
  readonly #before = new Map<string, Buffer>();

  /** In place of those set before. Of several that befall one request, the first counts. */
  set(faults: readonly Fault[]): void {
    this.#pending = faults.map((fault) => ({ fault, met: 0 }));
  }

  /** What a request is answered with in the end. */
  async befall(path: string, reply: Reply): Promise<Answer> {
    if (this.#pending.length === 0) return reply;
    const next = /<https?:\/\/[^/]+([^>]+)>; rel="next"/.exec(reply.headers['link'] ?? '')?.[1];
    if (next !== undefined) this.#before.set(next, reply.body);
    const due = this.#pending.filter((pending) => isDue(pending, path))[0]?.fault;
    if (!due) return reply;
    const befallen = { reply, before: this.#before.get(path), seconds: due.seconds ?? 1 };
    const { headers, ...rest }: Answer = await FAULTS[due.fault](befallen);
    const { link: _link, etag: _etag, ...ofAny } = reply.headers;
    const kept = rest.status === reply.status ? reply.headers : ofAny;
    return { ...rest, headers: { ...kept, ...headers, 'content-length': String(rest.body.length) } };
  }
}

const isDue = (pending: { readonly fault: Fault; met: number }, path: string): boolean => {
  const { on, from = 1, times = 1 } = pending.fault;
  if (on && !on.test(path)) return false;
  pending.met += 1;
  return pending.met >= from && pending.met < from + times;
};
