/** The example of `docs/authoring.md`: what follows the imports stands there too. */
import { Dag, gt, raw, table, text, use } from '#sluice';
import { githubRepositories } from '#tasks/github-repositories/task.ts';
import { githubToS3 } from '#tasks/github-to-s3/task.ts';
import { s3ToWarehouse } from '#tasks/s3-to-warehouse/task.ts';
import { warehouseSql } from '#tasks/warehouse-sql/task.ts';

export const dag = new Dag('issues', { schedule: '@daily', startDate: '2026-01-01', defaults: { retries: 2 } });

const github = { connection: use('github', 'gh'), org: 'astronomer' };
const to = raw('issues', { table: 'g.issues' });
const warehouse = use('redshift', 'warehouse');

const list = dag.task('list', githubRepositories(github));
const extract = dag.taskGroup('extract');
const issues = extract.map('issues', list.output.names, (repository) =>
  githubToS3({ ...github, object: 'issues', repository, to }),
);
const members = extract.task('members', githubToS3({ ...github, object: 'members', to }));

const from = { connection: warehouse, from: issues.output, table: table('g.issues') };
const load = dag.task('load', s3ToWarehouse({ ...from, mode: 'rebuild' })).after(extract);
dag.if(gt(members.output.rows, 0), load);

const params = { subject: text`${members.output.rows} members on ${dag.run.logicalDate}` };
const report = warehouseSql({ connection: warehouse, file: 'sql/issues/report.sql', params });
dag.task('report', report, { triggerRule: 'none_failed' }).after(load);
