/** A stand-in for GitHub's REST API, as far as pipelines read it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { directoryWorld } from './directory-world.ts';
import { type Fault, Faults } from './faults.ts';
import { generatedWorld } from './generated/world.ts';
import { RateLimit } from './rate-limit.ts';
import { respond } from './respond.ts';

export { issueText } from './generated/issue.ts';

export interface GitHubOptions {
  /** The same seed gives the same organisations, byte for byte. */
  readonly seed?: number;
  /** Logins of the organisations of whoever asks. Any other name is generated when it is first asked for. */
  readonly organisations?: readonly string[];
  /**
   * A folder to serve instead of generated organisations: `<org>/<repository>/issues.ndjson`, `<org>/members.ndjson`
   * and so on, named after the objects, each line byte for byte one of them. A missing file is an empty list.
   */
  readonly source?: string;
  /** The one token that is accepted; without it, any Authorization header is. */
  readonly token?: string;
  /** What goes wrong; see `setFaults`. */
  readonly faults?: readonly Fault[];
  /** 0 is any free one. */
  readonly port?: number;
}

export const GITHUB_DEFAULTS = {
  seed: 1,
  organisations: ['astronomerio', 'airflow-plugins'],
  faults: [],
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
  /** What goes wrong from now on, in place of what was set before; requests are counted anew. */
  setFaults(faults: readonly Fault[]): void;
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
  const { seed, organisations, source, port, token, faults: wanted } = { ...GITHUB_DEFAULTS, ...options };
  const world = source === undefined ? generatedWorld(seed, organisations) : directoryWorld(source);
  const limit = new RateLimit();
  const faults = new Faults();
  faults.set(wanted);
  const requests: LoggedRequest[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url: path = '' } = request;
    request.resume();
    const { status, headers, body, isCut } = await faults.befall(path, respond({ world, limit, token }, request));
    requests.push({ method, path, status });
    response.writeHead(status, headers);
    if (isCut) response.write(body.subarray(0, body.length / 2), () => response.destroy());
    else response.end(method === 'HEAD' ? undefined : body);
  };
  const server = createServer((request, response) => void serve(request, response));
  // A client's idle connection must not meet a server that has just closed it.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    setFaults: (all) => faults.set(all),
    close,
  };
};
