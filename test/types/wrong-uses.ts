/** What must not compile. `tsc` fails where a line below an expectation compiles. */

import * as z from 'zod';
import { implement } from '#lambdas/runtime/implement.ts';
import { and, Dag, dataset, eq, gt, not, type Ref, raw, table, taskType, text, use } from '#sluice';
import { dateTimeSensor } from '#tasks/date-time-sensor/task.ts';
import { githubRepositories } from '#tasks/github-repositories/task.ts';
import { githubToS3 } from '#tasks/github-to-s3/task.ts';
import { glueJob } from '#tasks/glue-job/task.ts';
import { pipelineRunSensor } from '#tasks/pipeline-run-sensor/task.ts';
import { s3KeySensor } from '#tasks/s3-key-sensor/task.ts';
import { s3ToWarehouse } from '#tasks/s3-to-warehouse/task.ts';
import { triggerPipeline } from '#tasks/trigger-pipeline/task.ts';
import { warehouseSql } from '#tasks/warehouse-sql/task.ts';

const probe = taskType('probe', {
  input: z.object({ note: z.string(), of: z.object({ rows: z.int() }).optional() }),
  output: z.object({
    verdict: z.enum(['clean', 'dirty']),
    ok: z.boolean(),
    failures: z.int(),
    reason: z.string().optional(),
    byKey: z.record(z.string(), z.int()),
  }),
});
const fileThere = taskType('file-there', {
  kind: 'sensor',
  input: z.object({ key: z.string() }),
  output: z.object({ size: z.int() }),
});
const approval = taskType('approval', {
  kind: 'callback',
  input: z.object({ question: z.string() }),
  output: z.object({ by: z.string() }),
});

const connection = use('github', 'gh');
const warehouse = use('redshift', 'wh');
const to = raw('issues', { table: 'github_data.issues' });
const into = { connection: warehouse, table: table('github_data.issues'), mode: 'rebuild' } as const;
const sql = { connection: warehouse, file: 'sql/a/b.sql' } as const;
const params = z.object({ org: z.string().default('o'), since: z.string().optional() });
const dag = new Dag('types', { schedule: null, startDate: '2026-01-01', params });
const list = dag.task('list', githubRepositories({ connection, org: dag.params.org }));
const each = dag.map('each', list.output.names, (repository) =>
  githubToS3({ connection, org: 'o', object: 'issues', repository, to }),
);
const one = dag.task('one', githubToS3({ connection, org: 'o', object: 'members', to }));
const check = dag.task('check', probe({ note: '' }));

// right: an output whole, by field, as a list, inside a literal, in a text
s3ToWarehouse({ ...into, from: one.output });
s3ToWarehouse({ ...into, from: each.output });
s3ToWarehouse({ ...into, from: { manifest: one.output.manifest, rows: one.output.rows, bytes: 0, quarantined: 0 } });
s3ToWarehouse({ ...into, from: [one.output, one.output] });
probe({ note: text`${one.output.rows} rows of ${dag.run.logicalDate}, since ${dag.params.since}`, of: one.output });
warehouseSql({ ...sql, params: { rows: one.output.rows, day: dag.run.dataInterval.start, all: true } });
one.after(list, each).before(check);
const group = dag.taskGroup('group').after(one).before(check);
dag.if(not(eq(check.output.verdict, 'clean')), one, group).else(check);
dag.if(and(check.output.ok, gt(check.output.failures, one.output.rows)), group);
dag.switch(check.output.verdict, { clean: one, dirty: [group, check] });
dag.map('keyed', check.output.byKey, (count, { index, key }) => probe({ note: text`${key} ${index} ${count}` }));
dag.task('look', fileThere({ key: '' }), { pokeInterval: '5m', timeout: '1h', softFail: true, retries: 1 });
dag.task('instant', dateTimeSensor({ at: text`${dag.run.logicalDate}` }));
dag.task('ask', approval({ question: '' }), { heartbeat: '5m', timeout: '2d', triggerRule: 'none_failed' });
dag.empty('join', { triggerRule: 'all_done' });
export const rows: Ref<number> = one.output.rows;

// a field that the output does not have
// @ts-expect-error
one.output.manifset;
// an output of the wrong shape
// @ts-expect-error
s3ToWarehouse({ ...into, from: list.output });
// a field of the wrong type
// @ts-expect-error
githubToS3({ connection, org: one.output.rows, object: 'issues', to });
// a list where one is taken
// @ts-expect-error
probe({ note: '', of: each.output });
// an item of the wrong type
// @ts-expect-error
dag.map('bad', list.output.names, (name) => probe({ note: '', of: name }));
// mapping over what is not a list
// @ts-expect-error
dag.map('bad', one.output.rows, () => probe({ note: '' }));
// the fields of one, taken from a list of them
// @ts-expect-error
each.output.manifest;
// a task where its output belongs, and an output where a task belongs
// @ts-expect-error
probe({ note: '', of: one });
// @ts-expect-error
one.after(list.output);
// a missing and an unknown input
// @ts-expect-error
githubToS3({ connection, org: 'o', to });
// @ts-expect-error
githubToS3({ connection, org: 'o', object: 'issues', to, repo: 'x' });
// a value outside an enumeration, and a reference to any string where one of a few is taken
// @ts-expect-error
githubToS3({ connection, org: 'o', object: 'isues', to });
// @ts-expect-error
githubToS3({ connection, org: 'o', object: dag.params.org, to });
// a load mode that does not exist
// @ts-expect-error
s3ToWarehouse({ ...into, from: one.output, mode: 'replace' });
// an optional output where a value is required
// @ts-expect-error
probe({ note: check.output.reason });
// @ts-expect-error
probe({ note: dag.params.since });
// a connection of another type, and a connection or dataset that only the run would know
// @ts-expect-error
githubToS3({ connection: warehouse, org: 'o', object: 'issues', to });
// @ts-expect-error
warehouseSql({ ...sql, connection });
// @ts-expect-error
githubToS3({ connection: dag.params.org, org: 'o', object: 'issues', to });
// @ts-expect-error
githubToS3({ connection, org: 'o', object: 'issues', to: dag.params.org });
// @ts-expect-error
githubToS3({ connection, org: 'o', object: 'issues', to: 'raw/issues' });
// a param that the DAG does not declare, a field that the run does not have
// @ts-expect-error
dag.params.repo;
// @ts-expect-error
dag.run.executionDate;
// an object in a text
// @ts-expect-error
text`${one.output}`;
// an object as a value of SQL
// @ts-expect-error
warehouseSql({ ...sql, params: { day: dag.run.dataInterval } });
// a schedule, an option and a duration that do not exist
// @ts-expect-error
new Dag('bad', { schedule: 'daily', startDate: '2026-01-01' });
// @ts-expect-error
new Dag('bad', { schedule: '@fortnightly', startDate: '2026-01-01' });
// @ts-expect-error
new Dag('bad', { schedule: null });
// @ts-expect-error
dag.task('bad', probe({ note: '' }), { retryDelay: '5 minutes' });
// @ts-expect-error
dag.task('bad', probe({ note: '' }), { retrys: 1 });
// the options of a mapped task on one that is not
// @ts-expect-error
dag.task('bad', probe({ note: '' }), { maxItems: 1 });
// a condition that is not a boolean, or that only the program knows
// @ts-expect-error
dag.if(check.output.failures, one);
// @ts-expect-error
dag.if(true, one);
// @ts-expect-error
not(check.output.reason);
// a comparison that can never hold, and one of what has no order
// @ts-expect-error
eq(check.output.verdict, 'cleen');
// @ts-expect-error
eq(check.output, null);
// @ts-expect-error
gt(check.output.verdict, 1);
// a condition on an output, where a task or a group belongs
// @ts-expect-error
dag.if(check.output.ok, one.output);
// a switch without one of its cases, with a case too many, over any string
// @ts-expect-error
dag.switch(check.output.verdict, { clean: one });
// @ts-expect-error
dag.switch(check.output.verdict, { clean: one, dirty: [], other: one });
// @ts-expect-error
dag.switch(dag.params.org, { a: one });
// a branch is not a promise, and has one else
// @ts-expect-error
dag.if(check.output.ok, one).then(check);
// @ts-expect-error
dag.if(check.output.ok, one).else(check).else(check);
// the output of a group
// @ts-expect-error
group.output;
// options of a sensor or a callback task on what is none, and of the one on the other
// @ts-expect-error
dag.task('bad', probe({ note: '' }), { pokeInterval: '5m' });
// @ts-expect-error
dag.task('bad', probe({ note: '' }), { heartbeat: '5m' });
// @ts-expect-error
dag.task('bad', approval({ question: '' }), { softFail: true });
// @ts-expect-error
dag.task('bad', fileThere({ key: '' }), { heartbeat: '5m' });
// @ts-expect-error
dag.task('bad', fileThere({ key: '' }), { pokeInterval: '5 minutes' });
// an instant and a duration, neither, and a duration that is none
// @ts-expect-error
dateTimeSensor({ at: dag.run.logicalDate, after: '2h' });
// @ts-expect-error
dateTimeSensor({});
// @ts-expect-error
dateTimeSensor({ after: '2 hours' });
// a bucket or a pipeline that only the run knows: rights are derived from them
// @ts-expect-error
s3KeySensor({ in: dag.params.org, key: '' });
// @ts-expect-error
pipelineRunSensor({ pipeline: dag.params.org });
// a sensor for each item
// @ts-expect-error
dag.map('bad', list.output.names, (key) => fileThere({ key }));
// the index of an item where a string is taken
// @ts-expect-error
dag.map('bad', list.output.names, (_, { index }) => probe({ note: index }));
// trigger rules that do not exist, or that Sluice does not have
// @ts-expect-error
dag.empty('bad', { triggerRule: 'all_succes' });
// @ts-expect-error
dag.task('bad', probe({ note: '' }), { triggerRule: 'all_done_setup_success' });
// @ts-expect-error
new Dag('bad', { schedule: null, startDate: '2026-01-01', defaults: { triggerRule: 'sometimes' } });
// a kind of task type that does not exist
// @ts-expect-error
taskType('bad', { kind: 'trigger', input: z.object({}), output: z.object({}) });
// a handler that drifts from its contract
// @ts-expect-error
implement(githubToS3, async () => ({ manifest: '', rows: '0', bytes: 0, quarantined: 0 }));
// @ts-expect-error
implement(githubToS3, async ({ repo }) => ({ manifest: repo, rows: 0, bytes: 0, quarantined: 0 }));
// a task type's access that does not exist
// @ts-expect-error
dataset('append');
// a field of an empty task's output
// @ts-expect-error
dag.empty('gather').output.rows;
// the whole input from the run, connection included
declare const everything: Ref<{ connection: typeof connection; org: string; object: 'issues'; to: typeof to }>;
// @ts-expect-error
githubToS3(everything);
// a job's fields by other names than the service's, its options on what is none, a job for each item
// @ts-expect-error
glueJob({ jobName: 'nightly' });
// @ts-expect-error
dag.task('bad', glueJob({ JobName: 'nightly' }), { heartbeat: '5m' });
// @ts-expect-error
dag.task('bad', probe({ note: '' }), { timeout: '2h' });
// @ts-expect-error
dag.map('bad', list.output.names, (JobName) => glueJob({ JobName }));
// a field that a job's output does not have
// @ts-expect-error
dag.task('bad', glueJob({ JobName: 'nightly' })).output.JobRunState;
// another pipeline by its name alone, or from the run
// @ts-expect-error
triggerPipeline({ pipeline: 'stars' });
// @ts-expect-error
triggerPipeline({ pipeline: dag.params.org });
