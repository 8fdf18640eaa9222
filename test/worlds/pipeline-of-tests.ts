/** A pipeline that uses every kind of right once. */

import { pipelineFile } from '#lib/contract/table.ts';
import { Dag, type DagOptions } from '#lib/dag/index.ts';
import type { Pipeline } from '#lib/pipelines/pipeline.ts';
import { raw, table, use } from '#sluice';
import { githubRepositories } from '#tasks/github-repositories/task.ts';
import { githubToS3 } from '#tasks/github-to-s3/task.ts';
import { s3ToWarehouse } from '#tasks/s3-to-warehouse/task.ts';
import { warehouseSql } from '#tasks/warehouse-sql/task.ts';

interface Change {
  readonly dagId?: string;
  readonly options?: Partial<Pick<DagOptions<never>, 'schedule' | 'timeZone' | 'startDate' | 'endDate' | 'catchup'>>;
  readonly sql?: { readonly file: `${string}.sql`; readonly params: Record<string, string> };
  readonly warehouse?: string;
  /** How long a list of repositories may be. */
  readonly maxItems?: number;
}

/** `stars`: lists repositories, extracts their issues, loads them, and where asked for runs a SQL file. */
export function stars({
  dagId = 'stars',
  options,
  sql,
  warehouse = 'warehouse',
  maxItems = 1000,
}: Change = {}): Record<string, Pipeline> {
  const dag = new Dag(dagId, { schedule: '@daily', startDate: '2026-01-01', ...options });
  const github = use('github', 'team-github');
  const redshift = use('redshift', warehouse);
  const list = dag.task('list', githubRepositories({ connection: github, org: 'acme' }));
  const to = raw('issues', { table: 'acme.issues' });
  const extract = dag.map(
    'extract',
    list.output.names,
    (repository) => githubToS3({ connection: github, org: 'acme', repository, object: 'issues', to }),
    { maxItems },
  );
  const into = table('acme.issues');
  const load = dag.task(
    'load',
    s3ToWarehouse({ connection: redshift, from: extract.output, table: into, mode: 'rebuild' }),
  );
  if (sql) dag.task('report', warehouseSql({ connection: redshift, ...sql })).after(load);
  const { tables } = pipelineFile.parse({
    tables: [{ name: 'acme.issues', columns: [{ name: 'id', type: 'int8' }], primaryKey: ['id'] }],
  });
  return { [dagId]: { dag, tables } };
}
