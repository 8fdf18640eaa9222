/** What the pipelines' GitHub connections lead to: the stand-in on this machine, or api.github.com. */
import { statSync } from 'node:fs';
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { DagError, type Graph } from '#lib/dag/index.ts';
import { loadPipelines } from '#lib/pipelines/load.ts';
import { startGitHub } from '#local/sources/github/index.ts';
import { UsageError } from '../errors.ts';
import { environment } from './environment.ts';
import { type AskedOrganisation, liveNotice } from './live.ts';
import type { Opened } from './open.ts';

export interface SourceOptions {
  /** A directory of `<org>/<repository>/<object>.ndjson` that the stand-in serves. */
  readonly source?: string;
  readonly live?: true;
}
type Close = () => Promise<void>;

/**
 * Leads the connections of the embedded AWS to a source. Those of a deployment lead where their secrets say.
 * @returns what ends the source, and leads the connections of a `sluice local` back to where they led
 */
export async function connectSources(opened: Opened, { source, live }: SourceOptions): Promise<Close> {
  if (opened.kind === 'aws' || (opened.kind === 'attached' && source === undefined && !live)) return async () => {};
  if (live) {
    const token = environment.GITHUB_TOKEN ?? '';
    console.error(await liveNotice({ token, orgs: await githubOrgs() }));
    return setSecrets(opened, { token });
  }
  const github = await startGitHub(source === undefined ? {} : { source });
  const restore = await setSecrets(opened, { token: 'stand-in', baseUrl: github.url });
  return async () => {
    await restore();
    await github.close();
  };
}

/**
 * What is wrong with the choice of a source, before anything is started.
 * @throws UsageError
 */
export function refuseSources({ source, live }: SourceOptions, here: boolean): void {
  if (source !== undefined && live) throw new UsageError('Give --source or --live, not both.');
  if (source !== undefined && !statSync(source, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`--source ${source}: there is no such directory.`);
  if (live && !environment.GITHUB_TOKEN)
    throw new UsageError('--live reads api.github.com and needs a token: set GITHUB_TOKEN.');
  if (!here && (source !== undefined || live))
    throw new UsageError('--source and --live are for the embedded AWS: a deployment reads what its secrets lead to.');
}

const graphs = async (): Promise<Graph[]> =>
  Object.values((await loadPipelines()).pipelines).flatMap(({ dag }) => buildable(dag));

/** What a broken DAG asks for is asked by nobody. */
function buildable(dag: { graph(): Graph }): Graph[] {
  try {
    return [dag.graph()];
  } catch (error) {
    if (error instanceof DagError) return [];
    throw error;
  }
}

/** The organisations whose repositories are listed, with what else is asked for. */
async function githubOrgs(): Promise<AskedOrganisation[]> {
  const tasks = (await graphs()).flatMap((graph) => graph.tasks);
  const inputs = (type: string) =>
    tasks.filter((task) => task.type === type).map(({ input }) => input as { org: string; to: object });
  return [...new Set(inputs('github-repositories').map(({ org }) => org))].map((org) => {
    const ofRepository = inputs('github-repository-to-s3').filter((one) => one.org === org);
    const ofOrganisation = inputs('github-to-s3').filter((one) => one.org === org);
    return {
      org,
      ofRepository: ofRepository.flatMap(({ to }) => Object.keys(to)).length,
      ofOrganisation: ofOrganisation.length,
    };
  });
}

/** @returns what puts the former values back, so that no token stays behind */
async function setSecrets({ deployment: { aws, name } }: Opened, secret: object): Promise<Close> {
  const put = (SecretId: string, SecretString: string) =>
    aws.secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
  const former: [string, string][] = [];
  for (const connection of await githubConnections()) {
    const SecretId = `${name}/connections/${connection}`;
    const { SecretString = '{}' } = await aws.secrets.send(new GetSecretValueCommand({ SecretId }));
    former.push([SecretId, SecretString]);
    await put(SecretId, JSON.stringify(secret));
  }
  return async () => {
    for (const [id, value] of former) await put(id, value);
  };
}

async function githubConnections(): Promise<Set<string>> {
  const grants = (await graphs()).flatMap(({ tasks }) => tasks.flatMap((task) => task.grants));
  return new Set(grants.flatMap(({ to }) => ('connection' in to && to.type === 'github' ? [to.connection] : [])));
}
