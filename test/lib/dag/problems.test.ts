import { expect, test } from 'vitest';
import * as z from 'zod';
import type { Ref } from '#lib/contract/ref.ts';
import { Dag, DagError, type DagOptions, eq, gt } from '#lib/dag/index.ts';
import { objects } from '#sluice';
import { dateTimeSensor } from '#tasks/date-time-sensor/task.ts';
import { s3KeySensor } from '#tasks/s3-key-sensor/task.ts';
import { asking, looking, newDag, probe, to } from '../../worlds/probe.ts';

function problemsOf(dag: { graph(): unknown }): readonly string[] {
  try {
    dag.graph();
    return [];
  } catch (error) {
    if (error instanceof DagError) return error.problems;
    throw error;
  }
}

test('every problem is told at once, each with its task', () => {
  const dag = newDag();
  const one = dag.task('one', probe({ to }));
  const two = dag.task('two', probe({ to })).after(one);
  one.after(two);
  dag.task('one', probe({ to }), { retries: -1 });
  dag.task('a b', probe({ from: newDag().task('elsewhere', probe({ to })).output, to }));
  expect(() => dag.graph()).toThrow(
    [
      'DAG test cannot be built:',
      'one: another task has this id',
      "a b: an id is 1 to 80 letters, digits, '_', '-' or '.', and not of dots alone",
      'a b: elsewhere is in another DAG',
      'one: retries: -1 is no whole number from 0 to 20',
      'one, two: wait for each other',
    ].join('\n  - '),
  );
});

test.for(['', 'a'.repeat(81), 'a b', 'ü', '..', 'a/b'])('the id %j is refused', (id) => {
  const dag = newDag();
  dag.empty(id);
  expect(problemsOf(dag)).toHaveLength(1);
});

test.for(['a', 'a'.repeat(80), 'extract_airflow-plugins_issues', 'group.task', '1'])('the id %j is right', (id) => {
  const dag = newDag();
  dag.empty(id);
  expect(problemsOf(dag)).toEqual([]);
});

const wrong: [Partial<DagOptions<z.ZodObject>>, RegExp][] = [
  [{ schedule: '61 * * * *' }, /^schedule: '61 \* \* \* \*': its minute has '61'/],
  [{ schedule: '* * * * * *' }, /^schedule: .* five fields/],
  [{ timeZone: 'Europe/Atlantis' }, /^schedule: no IANA zone 'Europe\/Atlantis'/],
  [{ startDate: '2026-02-30' }, /^startDate: '2026-02-30' is no date/],
  [{ startDate: 'yesterday' }, /^startDate: 'yesterday' is no date/],
  [{ endDate: '2026-02-30' }, /^endDate: '2026-02-30' is no date/],
  [{ endDate: '2025-12-31' }, /^endDate: 2025-12-31 lies before the startDate, 2026-01-01/],
  [{ catchup: true }, /^catchup: a DAG without a schedule has no intervals/],
  [{ schedule: '@daily', catchup: true, snapshot: true }, /^catchup: its sources know only the present/],
  [{ schedule: '0 0 1,L * *' }, /^schedule: '0 0 1,L \* \*': .* which AWS does not take/],
  [{ maxActiveRuns: 0 }, /^maxActiveRuns: 0 is no whole number from 1/],
  [{ defaults: { retries: 1.5 } }, /^defaults: retries: 1.5/],
  [{ defaults: { retryDelay: '1.5h' } }, /^defaults: retryDelay: '1.5h' is no duration/],
  [{ defaults: { retryDelay: '2d' } }, /^defaults: retryDelay: '2d' is longer than a day/],
  [{ params: z.object({ org: z.string() }) }, /^params: org needs a default/],
];

test.for(wrong)('the option %j is refused', ([option, message]) => {
  const dag = new Dag('test', { schedule: null, startDate: '2026-01-01', ...option });
  dag.empty('one');
  expect(problemsOf(dag)).toEqual([expect.stringMatching(message)]);
});

test('a DAG has a task, and an id that can name a stack', () => {
  expect(problemsOf(new Dag('My DAG', { schedule: null, startDate: '2026-01-01' }))).toEqual([
    "its id is 1 to 60 lower-case letters, digits and '-'",
    'it has no task',
  ]);
});

test('a map takes 1 item or more, 1 to 40 at a time', () => {
  const dag = newDag();
  const one = dag.task('one', probe({ to }));
  dag.map('each', one.output.names, () => probe({ to }), { maxItems: 0, maxConcurrency: 41 });
  expect(problemsOf(dag)).toEqual([
    'each: maxItems: 0 is no whole number from 1',
    'each: maxConcurrency: 41 is no whole number from 1 to 40',
  ]);
});

test.for([-1, 0.5, 101])('a map does not tolerate %d items that fail', (toleratedFailureCount) => {
  const dag = newDag();
  const one = dag.task('one', probe({ to }));
  dag.map('each', one.output.names, () => probe({ to }), { toleratedFailureCount });
  expect(problemsOf(dag)).toEqual([
    `each: toleratedFailureCount: ${toleratedFailureCount} is no whole number from 0 to 100`,
  ]);
});

test('only a map tolerates items that fail, and none where the first failure ends the run', () => {
  const dag = new Dag('test', { schedule: null, startDate: '2026-01-01', failFast: true });
  // @ts-expect-error: a task has no items.
  const one = dag.task('one', probe({ to }), { toleratedFailureCount: 1 });
  dag.map('each', one.output.names, () => probe({ to }), { toleratedFailureCount: 1 });
  dag.map('other', one.output.names, () => probe({ to }), { toleratedFailureCount: 0 });
  expect(problemsOf(dag)).toEqual([
    expect.stringMatching(/^one: toleratedFailureCount: there is no such option/),
    'each: toleratedFailureCount: the first item that fails ends the run in a DAG with failFast',
  ]);
});

test('the item of a map is taken in that map only', () => {
  const dag = newDag();
  const one = dag.task('one', probe({ to }));
  let leaked: Ref<string> | undefined;
  dag.map('each', one.output.names, (name) => {
    leaked = name;
    return probe({ note: name, to });
  });
  if (leaked) dag.task('thief', probe({ note: leaked, to }));
  expect(problemsOf(dag)).toEqual(["thief: takes the item of another task's map"]);
});

test("another DAG's run and params are strangers", () => {
  const dag = newDag();
  dag.task('one', probe({ note: newDag().run.logicalDate, to }));
  expect(problemsOf(dag)).toEqual(['one: @run is in another DAG']);
});

test('a map over the outputs of a mapped task is refused', () => {
  const dag = newDag();
  const one = dag.task('one', probe({ to }));
  const each = dag.map('each', one.output.names, () => probe({ to }));
  dag.map('again', each.output, (item) => probe({ from: item, to }));
  expect(problemsOf(dag)).toEqual([
    'again: runs over the outputs of each, which is mapped itself: put a task between that takes them and gives what is needed',
  ]);
});

test('a literal that looks like a reference is refused', () => {
  const dag = newDag();
  dag.task('one', probe({ nested: { a: [{ $ref: ['two'] }], b: { $mapped: 1 } }, to }));
  expect(problemsOf(dag)).toEqual([
    "one: input has a field '$ref', which has a meaning of its own",
    "one: input has a field '$mapped', which has a meaning of its own",
  ]);
});

test('a trigger rule that does not exist is refused, and the one for setup tasks by its name', () => {
  const dag = newDag();
  dag.task('one', probe({ to }), { triggerRule: 'all_done_setup_success' as 'all_done' });
  dag.task('two', probe({ to }), { triggerRule: 'sometimes' as 'all_done' });
  expect(problemsOf(dag)).toEqual([
    "one: triggerRule: 'all_done_setup_success' is for setup tasks, which Sluice does not have: use 'all_done'",
    expect.stringContaining("two: triggerRule: 'sometimes' is none of all_success, all_failed,"),
  ]);
});

test('a sensor looks within its time, and a heartbeat is shorter than what it watches', () => {
  const dag = newDag();
  dag.task('look', looking({}), { pokeInterval: '2h', timeout: '1h' });
  dag.task('long', looking({}), { timeout: '8d' });
  dag.task('ask', asking({}), { timeout: '1h', heartbeat: '1h' });
  dag.task('wrong', asking({}), { timeout: '1.5h' });
  expect(problemsOf(dag)).toEqual([
    "look: pokeInterval: '2h' is longer than the timeout, '1h'",
    "long: timeout: '8d' is longer than 7 days",
    "ask: heartbeat: '1h' is not shorter than the timeout, '1h'",
    "wrong: timeout: '1.5h' is no duration such as '30s', '5m' or '1h'",
  ]);
});

test('a group without a task, a condition on a mapped task, and one that waits for itself are refused', () => {
  const dag = newDag();
  const one = dag.task('one', probe({ to }));
  const each = dag.map('each', one.output.names, () => probe({ to }));
  dag.taskGroup('nothing').after(one);
  const group = dag.taskGroup('group');
  const inside = group.task('inside', probe({ to }));
  dag.if(gt(inside.output.rows, 1), group);
  const mapped = (each.output as unknown as typeof one.output).rows;
  dag.if(gt(mapped, 1), dag.empty('gated'));
  dag.if(eq(newDag().run.dagId, 'x'), dag.empty('stranger'));
  expect(problemsOf(dag)).toEqual([
    'stranger: @run is in another DAG',
    'nothing: a group without a task orders nothing: give it one, or leave it out',
    "gated: reads each.output.rows, and there is no 'rows'",
    'gated: a condition reads the outputs of each, which is mapped: put a task between that takes them and gives what is needed',
    'group.inside: wait for each other',
  ]);
});

test('a trigger rule that would make something of a failure is refused where the first failure ends the run', () => {
  const options = { schedule: null, startDate: '2026-01-01', failFast: true } as const;
  const dag = new Dag('test', options);
  dag.task('one', probe({ to })).before(dag.empty('two', { triggerRule: 'all_done' }));
  expect(problemsOf(dag)).toEqual(["two: triggerRule: 'all_done' has no meaning in a DAG with failFast"]);
  const byDefault = new Dag('test', { ...options, defaults: { triggerRule: 'none_failed' } });
  byDefault.task('one', probe({ to }));
  expect(problemsOf(byDefault)).toHaveLength(1);
});

test.for([
  ['a/b', 'orders/', /^wait: 'a\/b' is no name of a bucket$/],
  ['partner', 'orders/*', /^wait: 'orders\/\*' is no prefix to give rights to/],
] as const)('objects of %s under %s are refused', ([bucket, prefix, problem]) => {
  const dag = newDag();
  dag.task('wait', s3KeySensor({ in: objects(bucket, prefix), key: 'orders/a' }));
  expect(problemsOf(dag)).toEqual([expect.stringMatching(problem)]);
});

test('what is written out in an input is held against the type; what is taken of the run is not', () => {
  const dag = newDag();
  dag.task('at', dateTimeSensor({ at: 'tomorrow' }));
  dag.task('after', dateTimeSensor({ after: '0h' }));
  dag.task('number', probe({ number: Number.NaN, note: dag.run.logicalDate, to }));
  dag.task('right', dateTimeSensor({ at: dag.run.logicalDate }));
  expect(problemsOf(dag)).toEqual([
    'at: input at: Invalid ISO datetime',
    "after: input after: expected a duration such as '30s', '5m', '2h' or '1d'",
    'number: input number: Invalid input: expected number, received NaN',
  ]);
});
