/** What a run takes of GitHub's rate limit. */
import * as z from 'zod';
import { Terminal, Transient } from '#lib/contract/errors.ts';
import type { SourceTask } from '../descriptor.ts';

const PER_PAGE = 100;

/** An organisation that is read, with the number of lists that are requested. */
interface ReadOrganisation {
  readonly org: string;
  /** Of each of its repositories. */
  readonly ofRepository: number;
  /** Of its own, the one of its repositories aside. */
  readonly ofOrganisation: number;
}

const ofOrganisation = z.object({ org: z.string() });
const ofRepository = z.object({ org: z.string(), to: z.record(z.string(), z.unknown()) });

/** The organisations whose repositories are listed. */
function organisationsOf(tasks: readonly SourceTask[]): ReadOrganisation[] {
  const inputs = <S extends z.ZodType>(type: string, schema: S) =>
    tasks.filter((task) => task.type === type).flatMap(({ input }) => schema.safeParse(input).data ?? []);
  const lists = inputs('github-to-s3', ofOrganisation);
  const repositories = inputs('github-repository-to-s3', ofRepository);
  const orgs = new Set(inputs('github-repositories', ofOrganisation).map(({ org }) => org));
  return [...orgs].map((org) => ({
    org,
    ofRepository: repositories.filter((one) => one.org === org).flatMap(({ to }) => Object.keys(to)).length,
    ofOrganisation: lists.filter((one) => one.org === org).length,
  }));
}

interface Api {
  readonly token: string;
  readonly baseUrl: string;
}

const organisation = z.object({ public_repos: z.int().default(0) });
const rateLimit = z.object({ resources: z.object({ core: z.object({ limit: z.int(), remaining: z.int() }) }) });

/**
 * One line: how many requests the run will take at least, and how many the token has left this hour.
 * It takes one request an organisation itself.
 * @throws Terminal where the token may not, Transient where GitHub cannot be reached
 */
export async function costOfRun(tasks: readonly SourceTask[], api: Api): Promise<string> {
  const orgs = organisationsOf(tasks);
  let requests = 0;
  let repositories = 0;
  for (const { org, ...lists } of orgs) {
    const { public_repos } = organisation.parse(await get(api, `/orgs/${org}`));
    repositories += public_repos;
    requests += Math.max(1, Math.ceil(public_repos / PER_PAGE));
    requests += public_repos * lists.ofRepository + lists.ofOrganisation;
  }
  const { limit, remaining } = rateLimit.parse(await get(api, '/rate_limit')).resources.core;
  return (
    `${api.baseUrl}: at least ${requests} requests for ${orgs.length} organisations with ${repositories} repositories ` +
    `(one more for each further ${PER_PAGE} objects of a list); ${remaining} of ${limit} are left this hour.`
  );
}

async function get({ token, baseUrl }: Api, path: string): Promise<unknown> {
  const response = await fetch(`${baseUrl}${path}`, { headers: { authorization: `Bearer ${token}` } }).catch(
    (cause: Error & { cause?: Error }) => {
      throw new Transient(`${baseUrl} cannot be reached: ${cause.cause?.message || cause.message}`, { cause });
    },
  );
  if (response.ok) return response.json();
  throw new Terminal(
    `GET ${baseUrl}${path} was answered with ${response.status}. Check GITHUB_TOKEN and what it may read.`,
  );
}
