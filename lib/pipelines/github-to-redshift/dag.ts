import { Dag } from '#lib/dag/index.ts';
import { githubRepositories } from '#tasks/github-repositories/task.ts';
import { githubToS3 } from '#tasks/github-to-s3/task.ts';
import { redshiftSql } from '#tasks/redshift-sql/task.ts';
import { s3ToRedshift } from '#tasks/s3-to-redshift/task.ts';
import { raw, table, use } from '../connections.ts';
import { objects, orgs, reportingZone, repositories } from './config.ts';
import { tableName } from './tables.ts';

const warehouse = use('redshift', 'warehouse');

export const dag = new Dag('github-to-redshift', {
  schedule: '@daily',
  startDate: '2018-01-05',
  snapshot: true,
  defaults: { retries: 2, retryDelay: '30s' },
});

const loaded = dag.empty('finished_api_calls');

for (const { org, credential } of orgs) {
  const connection = use('github', credential);
  const list = dag.task(`list_${org}_repositories`, githubRepositories({ connection, org }));

  for (const { object, per, query, mode } of objects) {
    const into = tableName(org, object);
    const request = { connection, org, object, query, to: raw(`${org}_${object}`, { table: into }) };
    const id = `extract_${org}_${object}`;
    const extract =
      per === 'repository'
        ? dag.map(id, list.output.names, (repository) => githubToS3({ ...request, repository }), repositories)
        : dag.task(id, githubToS3(request));

    dag
      .task(
        `load_${org}_${object}`,
        s3ToRedshift({ connection: warehouse, from: extract.output, table: table(into), mode }),
      )
      .before(loaded);
  }
}

dag
  .task(
    'open_issue_count',
    redshiftSql({
      connection: warehouse,
      file: 'sql/github-to-redshift/open_issue_count.sql',
      params: { logical_date: dag.run.logicalDate, time_zone: reportingZone },
      relations: {
        issues: orgs.map(({ org }) => tableName(org, 'issues')),
        issue_assignees: orgs.map(({ org }) => tableName(org, 'issue_assignees')),
      },
    }),
  )
  .after(loaded);
