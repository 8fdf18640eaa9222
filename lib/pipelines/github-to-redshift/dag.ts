import { type GithubObject, listOf, type RepositoryObject } from '#lib/contract/github-objects.ts';
import { Dag } from '#lib/dag/index.ts';
import { githubRepositories } from '#tasks/github-repositories/task.ts';
import { githubRepositoryToS3 } from '#tasks/github-repository-to-s3/task.ts';
import { githubToS3 } from '#tasks/github-to-s3/task.ts';
import { redshiftSql } from '#tasks/redshift-sql/task.ts';
import { s3ToRedshift } from '#tasks/s3-to-redshift/task.ts';
import { raw, table, use } from '../connections.ts';
import { type Fetched, type Organisation, objects, orgs, reportingZone, reports, repositories } from './config.ts';
import { scopeOf } from './scope.ts';
import { tableName } from './tables.ts';

const warehouse = use('redshift', 'warehouse');

export const dag = new Dag('github-to-redshift', {
  schedule: '@daily',
  startDate: '2018-01-05',
  snapshot: true,
  defaults: { retries: 2, retryDelay: '30s' },
});

const loaded = dag.empty('finished_api_calls');

const listedFor = <O extends GithubObject>(whom: ReturnType<typeof listOf>) =>
  objects.filter((one): one is Fetched<O> => listOf(one.object) === whom);
const into = (owner: string, object: string) => raw(`${owner}_${object}`, { table: tableName(owner, object) });

type From = Parameters<typeof s3ToRedshift>[0]['from'];
function load(owner: string, { object, mode }: Fetched, from: From): void {
  const to = table(tableName(owner, object));
  dag.task(`load_${owner}_${object}`, s3ToRedshift({ connection: warehouse, from, table: to, mode })).before(loaded);
}

/** One mapped task for all that repositories have: a run's history has room for one item a repository. */
function fetchOfRepositories(organisation: Organisation): void {
  const { org, credential } = organisation;
  const connection = use('github', credential);
  const wanted = listedFor<RepositoryObject>('repository');
  const { listing, only } = scopeOf(
    organisation,
    wanted.map(({ object }) => object),
  );
  const to = Object.fromEntries(wanted.map(({ object }) => [object, into(org, object)]));
  const query = Object.fromEntries(wanted.flatMap(({ object, query: of }) => (of ? [[object, of(dag.run)]] : [])));

  const list = dag.task(`list_${org}_repositories`, githubRepositories({ connection, org, ...listing }));
  const extract = dag.map(
    `extract_${org}_by_repository`,
    list.output.names,
    (repository) => githubRepositoryToS3({ connection, org, repository, to, query, only }),
    repositories,
  );
  for (const one of wanted) load(org, one, extract.output);
}

/** Of an organisation; of a credential's user where there is none. */
function fetchList(one: Fetched, credential: string, of: { org?: string }): void {
  const { object, query } = one;
  const owner = of.org ?? credential;
  const request = { connection: use('github', credential), object, query: query?.(dag.run), to: into(owner, object) };
  load(owner, one, dag.task(`extract_${owner}_${object}`, githubToS3({ ...request, ...of })).output);
}

for (const organisation of orgs) {
  const { org, credential } = organisation;
  if (listedFor('repository').length > 0) fetchOfRepositories(organisation);
  for (const one of listedFor('organisation')) fetchList(one, credential, { org });
}
for (const credential of new Set(orgs.map((one) => one.credential))) {
  for (const one of listedFor('user')) fetchList(one, credential, {});
}

for (const [report, reads] of Object.entries(reports)) {
  const of = (name: string) => orgs.map(({ org }) => tableName(org, name));
  const sql = {
    file: `sql/github-to-redshift/${report}.sql`,
    params: { logical_date: dag.run.logicalDate, time_zone: reportingZone },
    relations: Object.fromEntries(reads.map((name) => [name, of(name)])),
  };
  dag.task(report, redshiftSql({ connection: warehouse, ...sql })).after(loaded);
}
