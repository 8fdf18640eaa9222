/** What only the compiler used to hold: output paths, fields of inputs, options. Casts stand for plain JavaScript. */
import { expect, test } from 'vitest';
import * as z from 'zod';
import { DagError, text } from '#lib/dag/index.ts';
import { Dag, taskType } from '#sluice';
import { looking, newDag, probe, to } from '../../worlds/probe.ts';

function problemsOf(dag: Dag<never> | Dag): readonly string[] {
  try {
    dag.graph();
    return [];
  } catch (error) {
    if (error instanceof DagError) return error.problems;
    throw error;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what no type holds
const untyped = (value: unknown): any => value;

test('an output that a task does not give, at any depth, is told with what there is', () => {
  const dag = newDag();
  const one = untyped(dag.task('one', probe({ to })));
  const given = {
    note: one.output.nope,
    number: one.output.deep.or,
    list: one.output.rows.more,
    nested: { day: untyped(dag.run).today, fine: one.output.byKey.anything, names: one.output.names[0] },
  };
  dag.task('two', probe({ ...given, to }));
  dag.if(one.output.isFine, dag.empty('three'));
  expect(problemsOf(dag)).toEqual([
    "two: reads one.output.nope, and there is no 'nope' (there are: rows, names, reason, kind, byKey, deep)",
    "two: reads one.output.deep.or, and there is no 'or' (there are: and, odd key)",
    "two: reads one.output.rows.more, and there is no 'more'",
    "two: reads run.today, and there is no 'today' (there are: dagId, runId, logicalDate, dataInterval, clearing, execution, fromRaw, sources, date)",
    "three: reads one.output.isFine, and there is no 'isFine' (there are: rows, names, reason, kind, byKey, deep)",
  ]);
});

test('params and items are held like outputs', () => {
  const dag = new Dag('test', { schedule: null, startDate: '2026-01-01', params: z.object({ n: z.int().default(1) }) });
  const list = untyped(dag.task('list', probe({ to, number: untyped(dag.params).m })));
  dag.map('each', list.output.names, (name, { index }) => probe({ to, number: untyped(name), note: untyped(index) }));
  expect(problemsOf(untyped(dag))).toEqual([
    "list: reads params.m, and there is no 'm' (there are: n)",
    'each: input note: takes a string, and index is a number',
    'each: input number: takes a number, and item is a string',
  ]);
});

test('a field that is missing, one that there is not, and a reference of another kind are told together', () => {
  const dag = newDag();
  const one = dag.task('one', probe({ to }));
  dag.task('two', probe(untyped({ note: one.output.rows, number: text`${one.output.rows}`, nots: 'x' })));
  dag.task('three', probe({ to: { ...to, tabel: 'a' } as never, from: { rows: one.output.rows, more: 1 } as never }));
  expect(problemsOf(dag)).toEqual([
    'two: input note: takes a string, and one.output.rows is a number',
    'two: input number: takes a number, and what is given is a string',
    'two: input to: expected raw(name, { table }) or table(name)',
    'two: input nots: there is no such field (fields: note, number, list, lists, nested, from, to)',
  ]);
});

test('what matches is accepted: optional fields, literals among references, an enum as text, unknown outputs', () => {
  const loose = taskType('loose', { input: z.object({ body: z.unknown() }), output: z.object({ body: z.unknown() }) });
  const dag = newDag();
  const one = dag.task('one', probe({ to }));
  const free = dag.task('free', loose({ body: { any: [one.output.rows, 'x'] } }));
  dag.task('two', probe({ to, note: one.output.kind, from: one.output, list: [one.output.kind, 'b'] }));
  dag.task('three', probe({ to, number: untyped(free.output.body).x.y, note: one.output.reason as never }));
  expect(problemsOf(dag)).toEqual([]);
});

test('an option that there is not, of a DAG, its defaults, a task of any kind, is told with those that there are', () => {
  const options = { schedule: null, startDate: '2026-01-01', retires: 3, defaults: { retrys: 1 } };
  const dag = new Dag('test', untyped(options));
  dag.task('one', probe({ to }), untyped({ retires: 3, pokeInterval: '1m' }));
  dag.task('look', looking({}), untyped({ softfail: true, pokeInterval: '1m' }));
  dag.empty('nothing', untyped({ retries: 3 }));
  expect(problemsOf(dag)).toEqual([
    'retires: there is no such option (options: timeZone, catchup, maxActiveRuns, snapshot, failFast, schedule, startDate, endDate, defaults, params)',
    'defaults: retrys: there is no such option (options: retries, retryDelay, triggerRule)',
    'one: retires: there is no such option (options: retries, retryDelay, triggerRule)',
    'one: pokeInterval: there is no such option (options: retries, retryDelay, triggerRule)',
    'look: softfail: there is no such option (options: retries, retryDelay, triggerRule, pokeInterval, timeout, softFail)',
    'nothing: retries: there is no such option (options: triggerRule)',
  ]);
});
