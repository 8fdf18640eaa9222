/** Tasks against what there is beside their DAG: files, tables, other pipelines. */

import { expect, test } from 'vitest';
import * as z from 'zod';
import { dataset, projectFile } from '#lib/contract/fields.ts';
import { type Table, tableDeclaration } from '#lib/contract/table.ts';
import { taskType } from '#lib/contract/task-type.ts';
import { Dag, DagError } from '#lib/dag/index.ts';
import { type DagOptions, pipeline, raw, table, text, use } from '#sluice';
import { bash } from '#tasks/bash/task.ts';
import { githubToS3 } from '#tasks/github-to-s3/task.ts';
import { pipelineRunSensor } from '#tasks/pipeline-run-sensor/task.ts';
import { s3ToWarehouse } from '#tasks/s3-to-warehouse/task.ts';
import { triggerPipeline } from '#tasks/trigger-pipeline/task.ts';
import { warehouseSql } from '#tasks/warehouse-sql/task.ts';
import { warehouseWatermark } from '#tasks/warehouse-watermark/task.ts';
import { newDag } from '../../worlds/probe.ts';

interface Beside {
  readonly tables?: readonly Table[];
  readonly others?: readonly Dag<never>[];
  readonly files?: Readonly<Record<string, string>>;
}

/** What is told of a DAG, or nothing. */
function problemsOf(dag: Dag, { tables = [], others = [], files = {} }: Beside = {}): readonly string[] {
  const read = (file: string) => {
    const text = files[file];
    if (text === undefined) throw new Error('ENOENT: no such file');
    return text;
  };
  const pipelines = [dag, ...others].map((one) => one.facts());
  try {
    dag.graph({ tables: z.array(tableDeclaration).parse(tables), pipelines, read });
    return [];
  } catch (error) {
    if (error instanceof DagError) return error.problems;
    throw error;
  }
}

const warehouse = use('redshift', 'wh');
const file = 'sql/test/count.sql';

function counting(sql: string) {
  const dag = newDag();
  const relations = { issues: ['a.b', 'a.c'] };
  dag.task('count', warehouseSql({ connection: warehouse, file, params: { day: dag.run.logicalDate }, relations }));
  return problemsOf(dag, { files: { [file]: sql } });
}

test("SQL whose names are the task's params and relations passes", () => {
  expect(counting(`insert into t select :day::date, ':not' from :issues -- and not :this`)).toEqual([]);
});

test('names that only one of both has are told, with the task and the file', () => {
  expect(counting('select :dya from :issues')).toEqual([
    'count: sql/test/count.sql names :dya, which the task does not give',
    'count: sql/test/count.sql does not name :day, which the task gives',
  ]);
  expect(counting('-- :day :issues')).toContain('count: sql/test/count.sql has no statement');
  expect(counting("select ':day from :issues")).toEqual([
    "count: sql/test/count.sql cannot be read: a quote or comment is not closed: ':day from :issues",
  ]);
});

test('files that are missing, lead out of the project, or are known only in a run, are told together', () => {
  const dag = newDag();
  const said = dag.task('there', bash({ file: 'lib/pipelines/test/there.sh' }));
  dag.task('missing', bash({ file: 'lib/pipelines/test/missing.sh' }));
  dag.task('outside', bash({ file: '../outside.sh' }));
  dag.task('later', bash({ file: said.output.lastLine as never }));
  expect(problemsOf(dag, { files: { 'lib/pipelines/test/there.sh': 'echo :not a name' } })).toEqual([
    'missing: lib/pipelines/test/missing.sh cannot be read: ENOENT: no such file',
    "outside: ../outside.sh leads up with '..': give its path from the project's root",
    'later: the path of a file must be written out: the function carries it',
  ]);
});

const bare: Table = { name: 'a.issues', columns: [{ name: 'id', type: 'int8' }], primaryKey: ['id'] };
const keyed: Table = { ...bare, incrementalKey: 'id' };

function loading(how: 'upsert' | 'rebuild' | 'told', tables: readonly Table[]) {
  const dag = newDag();
  const to = raw('issues', { table: bare.name });
  const from = dag.task('extract', githubToS3({ connection: use('github', 'gh'), object: 'members', org: 'o', to }));
  const watermark = warehouseWatermark({ connection: warehouse, tables: [bare.name], fullEveryDays: 7 });
  const mode = how === 'told' ? dag.task('watermark', watermark).output.mode : how;
  dag.task('load', s3ToWarehouse({ connection: warehouse, table: table(bare.name), from: from.output, mode }));
  return problemsOf(dag, { tables });
}

const KEYLESS = 'load: upserts a.issues, whose declaration in tables.ts says no incrementalKey';

test.for([
  ['upsert', [keyed], []],
  ['rebuild', [bare], []],
  ['upsert', [bare], [KEYLESS]],
  ['told', [bare], [KEYLESS]],
  ['told', [keyed], []],
  ['rebuild', [], ["load: a.issues is not declared in the pipeline's tables"]],
] as const)('a load that %ss', ([how, tables, problems]) => {
  expect(loading(how, tables)).toEqual(problems);
});

const started = (id: string, ...others: string[]) => {
  const dag = new Dag(id, { schedule: null, startDate: '2026-01-01', params: z.object({ n: z.int().default(1) }) });
  for (const other of others) dag.task(`go-${other}`, triggerPipeline({ pipeline: pipeline(other) }));
  if (others.length === 0) dag.empty('nothing');
  return dag as unknown as Dag<never>;
};

test('pipelines that start each other in a circle, at any length, are told of each task in it', () => {
  const dag = newDag();
  dag.task('start', triggerPipeline({ pipeline: pipeline('a') }));
  dag.task('self', triggerPipeline({ pipeline: pipeline('test') }));
  dag.task('fine', triggerPipeline({ pipeline: pipeline('c') }));
  const circle = (way: string) =>
    `pipelines trigger each other and would wait for good: ${way}. Take one of these away`;
  // The circle of b and d is told where b and d are checked.
  expect(problemsOf(dag, { others: [started('a', 'b', 'c'), started('b', 'test'), started('c')] })).toEqual([
    `start: ${circle('test → a → b → test')}`,
    `self: ${circle('test → test')}`,
  ]);
});

test('pipelines that there are not, and params that a started one does not take, are told with their task', () => {
  const dag = newDag();
  dag.task('wait', pipelineRunSensor({ pipeline: pipeline('nobody') }));
  dag.task('go', triggerPipeline({ pipeline: pipeline('a'), params: { n: 'x', m: dag.run.date } }));
  expect(problemsOf(dag, { others: [started('a')] })).toEqual([
    "wait: 'nobody' is no pipeline of the app, which has: test, a",
    "go: a: param 'n': Invalid input: expected number, received string",
    "go: a: no param 'm' (params: n)",
  ]);
});

type Schedule = DagOptions<never>['schedule'];

/** A DAG that waits for a run of another one, by their schedules. */
function waiting(own: Schedule, other: Schedule, logicalDate?: (dag: Dag) => unknown) {
  const dag = new Dag('test', { schedule: own, startDate: '2026-01-01' });
  const date = logicalDate?.(dag);
  const input = { pipeline: pipeline('other'), ...(date !== undefined && { logicalDate: date as string }) };
  dag.task('wait', pipelineRunSensor(input));
  const waitedFor = new Dag('other', { schedule: other, startDate: '2026-01-01' });
  waitedFor.empty('nothing');
  return { dag, other: waitedFor as unknown as Dag<never> };
}

test.for([
  ['@daily', '@weekly', undefined, "2026-01-01T00:00:00Z is no logical date of the schedule '0 0 * * 0' (UTC)"],
  ['@hourly', '@daily', undefined, "2026-01-01T01:00:00Z is no logical date of the schedule '0 0 * * *' (UTC)"],
  ['@daily', '0 6 * * *', (dag: Dag) => dag.run.logicalDate, '2025-12-31T06:00:00Z and 2026-01-01T06:00:00Z'],
  [null, '@weekly', () => '2026-11-19', 'the nearest are 2026-11-15T00:00:00Z and 2026-11-22T00:00:00Z'],
  ['@daily', '@daily', () => '2025-12-31', 'its first logical date is 2026-01-01, its startDate'],
] as const)('a DAG that runs %s and waits for what one that runs %s never has is refused', ([own, runs, at, why]) => {
  const { dag, other } = waiting(own, runs, at);
  const [problem, ...more] = problemsOf(dag, { others: [other] });
  expect(problem).toMatch(/^wait: waits for .* of other, which may never be: /);
  expect(problem).toContain(why);
  expect(more).toEqual([]);
});

test.for([
  ['@weekly', '@daily', undefined],
  ['@daily', '@hourly', (dag: Dag) => dag.run.logicalDate],
  ['@daily', null, undefined],
  [null, '@daily', undefined],
  ['@daily', '@weekly', (dag: Dag) => text`${dag.run.date}`],
  ['@daily', '@weekly', () => '2026-11-22'],
] as const)('a DAG that runs %s may wait for one that runs %s, whose schedule its task gets', ([own, runs, at]) => {
  const { dag, other } = waiting(own, runs, at);
  expect(problemsOf(dag, { others: [other] })).toEqual([]);
  const pipelines = [dag.facts(), other.facts()];
  const [task] = dag.graph({ tables: [], pipelines, read: () => '' }).tasks;
  const { schedule } = other.facts();
  expect(task?.input).toMatchObject({
    pipeline: { pipeline: 'other', runs: { schedule, timeZone: 'UTC', startDate: '2026-01-01' } },
  });
});

test('rules go by the kind of a field and by what its type says, never by a name', () => {
  const own = taskType('export', {
    input: z.object({
      file: z.string(),
      pipeline: z.string(),
      params: z.record(z.string(), z.string()),
      mode: z.string(),
    }),
    output: z.object({}),
  });
  const ownLoad = taskType('own-load', {
    input: z.object({ table: dataset('write'), scripts: z.array(projectFile('.sql', '.sh')).optional() }),
    output: z.object({}),
    check: ({ table: { dataset: name }, scripts }, { tables, read }) => [
      ...(tables.find((one) => one.name === name)?.incrementalKey ? [] : [`${name} has no key`]),
      ...(Array.isArray(scripts) ? scripts.map((script) => `${script} is ${read(String(script))}`) : []),
    ],
  });
  const dag = newDag();
  dag.task('export', own({ file: 'exports/nightly.sql', pipeline: 'nobody', params: { a: 'b' }, mode: 'upsert' }));
  dag.task('load', ownLoad({ table: table('a.issues'), scripts: ['x.sql'] }));
  expect(problemsOf(dag, { tables: [bare], files: { 'x.sql': 'here' } })).toEqual([
    'load: a.issues has no key',
    'load: x.sql is here',
  ]);
  expect(problemsOf(dag)).toEqual(['load: x.sql cannot be read: ENOENT: no such file']);
  expect(dag.graph().tasks.map(({ files }) => files)).toEqual([[], ['x.sql']]);
});

test('what is wrong with a DAG alone is told together with what is wrong beside it, and such a task is not checked', () => {
  const dag = newDag();
  dag.task('bad id', bash({ file: 'missing.sh' }), { retries: -1 });
  dag.task('wrong', warehouseSql({ connection: warehouse, file: 7 as never }));
  expect(problemsOf(dag)).toEqual([
    "bad id: an id is 1 to 80 letters, digits, '_', '-' or '.', and not of dots alone",
    'bad id: retries: -1 is no whole number from 0 to 20',
    'bad id: missing.sh cannot be read: ENOENT: no such file',
    'wrong: input file: expected the path of a file that ends in .sql',
  ]);
});
