/** The tasks that fetch from GitHub. Each gives what the loads take. */

import type { RepositoryObject } from '#lambdas/sources/github/objects.ts';
import { raw, use } from '#sluice';
import { githubRepositories } from '#tasks/github-repositories/task.ts';
import { githubRepositoryToS3 } from '#tasks/github-repository-to-s3/task.ts';
import { githubToS3 } from '#tasks/github-to-s3/task.ts';
import { type Fetched, repositories } from './config.ts';
import { scopeOf } from './scope.ts';
import type { Sharing } from './sharing.ts';
import { tableName } from './tables.ts';
import type { GithubDag, Watermark } from './watermark.ts';

const into = (owner: string, object: string) => raw(`${owner}_${object}`, { table: tableName(owner, object) });

/** One mapped task for all that repositories have: a run's history has room for one item a repository. */
export function extractOfRepositories(
  dag: GithubDag,
  organisation: Sharing,
  { wanted, watermark }: { wanted: readonly Fetched<RepositoryObject>[]; watermark: Watermark },
) {
  const { org, credential, repositoriesAtATime: maxConcurrency } = organisation;
  const connection = use('github', credential);
  const { listing, only } = scopeOf(
    organisation,
    wanted.map(({ object }) => object),
  );
  const to = Object.fromEntries(wanted.map(({ object }) => [object, into(org, object)]));
  const query = Object.fromEntries(wanted.flatMap(({ object, query: of }) => (of ? [[object, of(dag.run)]] : [])));
  const upserted = wanted.filter(({ mode }) => mode === 'upsert');
  const since = Object.fromEntries(upserted.map(({ object }) => [object, watermark?.output.since ?? null]));
  const list = dag.task(`list_${org}_repositories`, githubRepositories({ connection, org, ...listing }));
  // Not beside it: a fork would cost more than the second that it saves.
  watermark?.after(list);
  return dag.map(
    `extract_${org}_by_repository`,
    list.output.names,
    (repository) => githubRepositoryToS3({ connection, org, repository, to, query, since, only }),
    { ...repositories, maxConcurrency },
  ).output;
}

/** A list of an organisation; without one, of the credential's user. */
export function extractList(dag: GithubDag, { object, query }: Fetched, whose: { credential: string; org?: string }) {
  const { credential, ...of } = whose;
  const owner = of.org ?? credential;
  const request = { connection: use('github', credential), object, query: query?.(dag.run), to: into(owner, object) };
  return dag.task(`extract_${owner}_${object}`, githubToS3({ ...request, ...of })).output;
}
