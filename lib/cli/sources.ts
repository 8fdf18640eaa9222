/** What the pipelines' GitHub connections lead to: the stand-in on this machine, or api.github.com. */
import { existsSync } from 'node:fs';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { Graph } from '#lib/dag/index.ts';
import { pipelines } from '#lib/pipelines/index.ts';
import { startGitHub } from '#local/sources/github/index.ts';
import { environment } from './environment.ts';
import { UsageError } from './errors.ts';
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
 * @returns what ends the source
 */
export async function connectSources(opened: Opened, options: SourceOptions): Promise<Close> {
  const { source, live } = options;
  if (opened.kind === 'aws' || (opened.kind === 'attached' && source === undefined && !live)) return async () => {};
  if (live) {
    const token = environment.GITHUB_TOKEN ?? '';
    console.error(await liveNotice({ token, orgs: githubOrgs() }));
    await setSecrets(opened, { token });
    return async () => {};
  }
  const github = await startGitHub(source === undefined ? {} : { source });
  await setSecrets(opened, { token: 'stand-in', baseUrl: github.url });
  return () => github.close();
}

/**
 * What is wrong with the choice of a source, before anything is started.
 * @throws UsageError
 */
export function refuseSources({ source, live }: SourceOptions, here: boolean): void {
  if (source !== undefined && live) throw new UsageError('Give --source or --live, not both.');
  if (source !== undefined && !existsSync(source))
    throw new UsageError(`--source ${source}: there is no such directory.`);
  if (live && !environment.GITHUB_TOKEN)
    throw new UsageError('--live reads api.github.com and needs a token: set GITHUB_TOKEN.');
  if (!here && (source !== undefined || live))
    throw new UsageError('--source and --live are for the embedded AWS: a deployment reads what its secrets lead to.');
}

const graphs = (): Graph[] => Object.values(pipelines).map(({ dag }) => dag.graph());

/** The organisations whose repositories are listed, with what else is asked for. */
function githubOrgs(): AskedOrganisation[] {
  const tasks = graphs().flatMap((graph) => graph.tasks);
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

async function setSecrets({ deployment: { aws, name } }: Opened, secret: { token: string; baseUrl?: string }) {
  const grants = graphs().flatMap(({ tasks }) => tasks.flatMap((task) => task.grants));
  const connections = new Set(
    grants.flatMap(({ to }) => ('connection' in to && to.type === 'github' ? [to.connection] : [])),
  );
  for (const connection of connections) {
    const SecretId = `${name}/connections/${connection}`;
    await aws.secrets.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(secret) }));
  }
}
