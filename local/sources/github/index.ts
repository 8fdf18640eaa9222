/** A stand-in for GitHub's REST API, as far as pipelines read it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { directoryWorld } from './directory-world.ts';
import { generatedWorld } from './generated/world.ts';
import { RateLimit } from './rate-limit.ts';
import { respond } from './respond.ts';

export { issueText } from './generated/issue.ts';

export interface GitHubOptions {
  /** The same seed gives the same organisations, byte for byte. */
  readonly seed?: number;
  /** Logins of the generated organisations. */
  readonly organisations?: readonly string[];
  /**
   * A folder to serve instead of generated organisations: `<org>/<repository>/issues.ndjson`, `<org>/members.ndjson`
   * and so on, named after the objects, each line byte for byte one of them. A missing file is an empty list.
   */
  readonly source?: string;
  /** The one token that is accepted; without it, any Authorization header is. */
  readonly token?: string;
  /** 0 is any free one. */
  readonly port?: number;
}

export const GITHUB_DEFAULTS = {
  seed: 1,
  organisations: ['astronomerio', 'airflow-plugins'],
  port: 0,
} as const satisfies GitHubOptions;

/** One answered request. */
interface LoggedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
}

export interface GitHub {
  /** The base of the API: `http://127.0.0.1:4000`. */
  readonly url: string;
  /** All requests so far, in the order of their answers. */
  readonly requests: readonly LoggedRequest[];
  close(): Promise<void>;
}

/**
 * Starts the stand-in on the loopback interface.
 * @throws {Error} when `source` is not a folder, or the port is taken.
 * @example
 * const github = await startGitHub({ seed: 7 });
 * await fetch(`${github.url}/orgs/astronomerio/repos`, { headers: { authorization: 'token any' } });
 * await github.close();
 */
export const startGitHub = async (options: GitHubOptions = {}): Promise<GitHub> => {
  const { seed, organisations, source, port, token } = { ...GITHUB_DEFAULTS, ...options };
  const world = source === undefined ? generatedWorld(seed, organisations) : directoryWorld(source);
  const limit = new RateLimit();
  const requests: LoggedRequest[] = [];
  const server = createServer((request, response) => {
    const { status, headers, body } = respond({ world, limit, token }, request);
    requests.push({ method: request.method ?? '', path: request.url ?? '', status });
    request.resume();
    response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, close };
};
