import { type GithubObject, listOf, type RepositoryObject } from '#lambdas/sources/github/objects.ts';
import { Dag, table, use } from '#sluice';
import { s3ToWarehouse } from '#tasks/s3-to-warehouse/task.ts';
import { warehouseSql } from '#tasks/warehouse-sql/task.ts';
import {
  type Config,
  extractsOfACredential,
  type Fetched,
  objects,
  orgs,
  reportingZone,
  reports,
  reportTable,
} from './config.ts';
import { extractList, extractOfRepositories } from './extracts.ts';
import { sharing } from './sharing.ts';
import { tableName } from './tables.ts';
import { type GithubDag, params, type Watermark, watermarkOf } from './watermark.ts';

const warehouse = use('redshift', 'warehouse');

/**
 * The pipeline of a configuration.
 * @throws DagError where more organisations share a credential than may use it at a time
 */
export function githubToRedshift({ orgs, objects }: Config): GithubDag {
  const dag = new Dag('github-to-redshift', {
    schedule: '@daily',
    startDate: '2018-01-05',
    snapshot: true,
    params,
    defaults: { retries: 2, retryDelay: '30s' },
  });
  const loaded = dag.empty('finished_api_calls');

  type From = Parameters<typeof s3ToWarehouse>[0]['from'];
  const load = (
    owner: string,
    { object, mode }: Fetched,
    { from, watermark }: { from: From; watermark?: Watermark },
  ) => {
    const into = { connection: warehouse, table: table(tableName(owner, object)) };
    const call = s3ToWarehouse({ ...into, from, mode: mode === 'upsert' && watermark ? watermark.output.mode : mode });
    dag.task(`load_${owner}_${object}`, call).before(loaded);
  };
  const listed = <O extends GithubObject>(whose: ReturnType<typeof listOf>) =>
    objects.filter((one): one is Fetched<O> => listOf(one.object) === whose);

  for (const organisation of sharing({ orgs, objects }, extractsOfACredential)) {
    const { org, credential } = organisation;
    const ofRepositories = listed<RepositoryObject>('repository');
    if (ofRepositories.length > 0) {
      const watermark = watermarkOf(dag, org, ofRepositories);
      const from = extractOfRepositories(dag, organisation, { wanted: ofRepositories, watermark });
      for (const one of ofRepositories) load(org, one, { from, watermark });
    }
    for (const one of listed('organisation')) load(org, one, { from: extractList(dag, one, { credential, org }) });
  }
  for (const credential of new Set(orgs.map((one) => one.credential))) {
    for (const one of listed('user')) load(credential, one, { from: extractList(dag, one, { credential }) });
  }

  for (const [report, reads] of Object.entries(reports)) {
    const of = (name: string) => orgs.map(({ org }) => tableName(org, name));
    const sql = {
      table: table(reportTable(report)),
      file: `sql/github-to-redshift/${report}.sql` as const,
      params: { logical_date: dag.run.logicalDate, time_zone: reportingZone },
      relations: Object.fromEntries(reads.map((name) => [name, of(name)])),
    };
    dag.task(report, warehouseSql({ connection: warehouse, ...sql })).after(loaded);
  }
  return dag;
}

export const dag = githubToRedshift({ orgs, objects });
export { openIssueCount as result } from './result.ts';
export { tables } from './tables.ts';
