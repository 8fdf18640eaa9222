/** What reading the real GitHub will cost, said before it is done. */
import { UsageError } from '../errors.ts';

/** An organisation that is read, with the number of lists that are asked for. */
export interface AskedOrganisation {
  readonly org: string;
  /** Of each of its repositories. */
  readonly ofRepository: number;
  /** Of its own, the one of its repositories aside. */
  readonly ofOrganisation: number;
}

interface Live {
  readonly token: string;
  readonly orgs: readonly AskedOrganisation[];
  /** For a GitHub of one's own. */
  readonly baseUrl?: string;
}

const PER_PAGE = 100;

/**
 * One line: how many requests the run will take at least, and how many the token has left this hour.
 * It takes one request an organisation itself.
 */
export async function liveNotice({ token, orgs, baseUrl = 'https://api.github.com' }: Live): Promise<string> {
  const get = async (path: string): Promise<unknown> => {
    const answer = await fetch(`${baseUrl}${path}`, { headers: { authorization: `Bearer ${token}` } }).catch(
      (error) => {
        throw new UsageError(`${baseUrl} cannot be reached: ${error.cause?.message ?? error.message}`);
      },
    );
    if (answer.ok) return answer.json();
    throw new UsageError(
      `GET ${baseUrl}${path} was answered with ${answer.status}. Check GITHUB_TOKEN and what it may read.`,
    );
  };
  let requests = 0;
  let repositories = 0;
  for (const { org, ofRepository, ofOrganisation } of orgs) {
    const { public_repos = 0 } = (await get(`/orgs/${org}`)) as { public_repos?: number };
    repositories += public_repos;
    requests += Math.max(1, Math.ceil(public_repos / PER_PAGE)) + public_repos * ofRepository + ofOrganisation;
  }
  const { resources } = (await get('/rate_limit')) as { resources: { core: { limit: number; remaining: number } } };
  const { limit, remaining } = resources.core;
  return (
    `${baseUrl}: at least ${requests} requests for ${orgs.length} organisations with ${repositories} repositories ` +
    `(one more for each further ${PER_PAGE} objects of a list); ${remaining} of ${limit} are left this hour.`
  );
}
