import { expect, test } from 'vitest';
import * as z from 'zod';
import { Dag, type Graph, text } from '#lib/dag/index.ts';
import { DEFAULTS } from '#lib/dag/options.ts';
import { asking, looking, newDag, probe, to } from '../../worlds/probe.ts';

const edges = ({ tasks }: Graph) => Object.fromEntries(tasks.map(({ id, upstream }) => [id, upstream]));

test('a task waits for the tasks whose outputs it takes, wholly, by field, in a text or as its list', () => {
  const dag = newDag();
  const one = dag.task('one', probe({ to }));
  dag.task('whole', probe({ from: one.output, to }));
  dag.task('field', probe({ nested: { deep: [one.output.rows] }, to }));
  dag.task('text', probe({ note: text`${one.output.rows} rows`, to }));
  dag.map('mapped', one.output.names, (name) => probe({ note: name, to }));
  expect(edges(dag.graph())).toEqual({ one: [], whole: ['one'], field: ['one'], text: ['one'], mapped: ['one'] });
});

test('before and after add order without data, once', () => {
  const dag = newDag();
  const [a, b, c] = ['a', 'b', 'c'].map((id) => dag.task(id, probe({ to })));
  if (!a || !b || !c) throw new Error('three tasks');
  a.before(b, c).before(c);
  c.after(b);
  expect(edges(dag.graph())).toEqual({ a: [], b: ['a'], c: ['a', 'b'] });
});

test('the graph lists a task after those that it waits for, whatever the order of writing', () => {
  const dag = newDag();
  const end = dag.empty('end');
  const begin = dag.task('begin', probe({ to })).before(end);
  dag.task('middle', probe({ from: begin.output, to })).before(end);
  expect(dag.graph().tasks.map(({ id }) => id)).toEqual(['begin', 'middle', 'end']);
});

test('references become plain JSON, and what is undefined is left out', () => {
  const dag = new Dag('test', {
    schedule: null,
    startDate: '2026-01-01',
    params: z.object({ org: z.string().default('o') }),
  });
  const one = dag.task('one', probe({ to }));
  const note = text`${dag.run.logicalDate} of ${dag.params.org}`;
  dag.map('each', one.output.names, (name) => probe({ note, nested: { name }, number: undefined, to }));
  const [, each] = dag.graph().tasks;
  expect(JSON.parse(JSON.stringify(each))).toMatchObject({
    type: 'probe',
    map: { over: { $ref: ['one', 'names'] } },
    input: {
      note: { $text: [{ $ref: ['@run', 'logicalDate'] }, ' of ', { $ref: ['@params', 'org'] }] },
      nested: { name: { $ref: ['@item'] } },
      to,
    },
  });
  expect(JSON.stringify(each)).not.toContain('number');
});

test('a reference in a plain template string is refused, and awaiting one gives it back', async () => {
  const one = newDag().task('one', probe({ to }));
  expect(() => `${one.output.rows}`).toThrow('one.rows has no value before the run: use text`…`');
  expect(await Promise.resolve(one.output)).toBe(one.output);
});

test('a task may read where the outputs that it takes were written, besides its own grants', () => {
  const dag = newDag();
  const one = dag.task('one', probe({ to }));
  dag.task('two', probe({ from: one.output, to: { kind: 'table', dataset: 'a.table' } }));
  const [, two] = dag.graph().tasks;
  expect(two?.grants).toEqual([
    { access: 'write', to: { kind: 'table', dataset: 'a.table' } },
    { access: 'read', to },
  ]);
});

test('an empty task has neither type nor grants', () => {
  const dag = newDag();
  dag.empty('gather');
  expect(dag.graph().tasks).toMatchObject([{ id: 'gather', type: null, grants: [], input: null, map: null }]);
});

test('options not given have their documented defaults: UTC, one run, no retries after 5 minutes, 1,000 items', () => {
  const dag = newDag();
  const one = dag.task('one', probe({ to }));
  dag.map('each', one.output.names, () => probe({ to }));
  const { tasks, ...options } = dag.graph();
  expect(options).toMatchObject({ timeZone: 'UTC', maxActiveRuns: 1, snapshot: false, failFast: false, params: {} });
  expect(tasks[0]).toMatchObject({ retries: 0, retryDelaySeconds: 300, map: null });
  expect(tasks[1]).toMatchObject({ map: { maxItems: 1000, maxConcurrency: 10, toleratedFailureCount: 0 } });
  expect(DEFAULTS.dag.catchup).toBe(false);
});

test("a task's options go before the DAG's defaults", () => {
  const dag = new Dag('test', {
    schedule: '@hourly',
    startDate: '2026-01-01',
    defaults: { retries: 3, retryDelay: '30s' },
  });
  dag.task('one', probe({ to }), { retries: 1 });
  dag.task('two', probe({ to }), { retryDelay: '2h' });
  expect(dag.graph().schedule).toBe('0 * * * *');
  expect(dag.graph().tasks).toMatchObject([
    { retries: 1, retryDelaySeconds: 30 },
    { retries: 3, retryDelaySeconds: 7200 },
  ]);
});

test("the graph carries the params' defaults", () => {
  const params = z.object({ org: z.string().default('o'), pages: z.int().default(3), since: z.string().optional() });
  const dag = new Dag('test', { schedule: null, startDate: '2026-01-01', params });
  dag.empty('one');
  expect(dag.graph().params).toEqual({ org: 'o', pages: 3 });
});

test("a task's trigger rule goes before the DAG's default, which an empty task does not have", () => {
  const dag = new Dag('test', { schedule: null, startDate: '2026-01-01', defaults: { triggerRule: 'none_failed' } });
  dag.task('one', probe({ to }));
  dag.task('two', probe({ to }), { triggerRule: 'all_done' });
  dag.empty('three');
  dag.empty('four', { triggerRule: 'always' });
  const rules = dag.graph().tasks.map(({ triggerRule }) => triggerRule);
  expect(rules).toEqual(['none_failed', 'all_done', 'all_success', 'always']);
});

test('a map runs over a list or an object, and may ask for the index and the key of an item', () => {
  const dag = newDag();
  const one = dag.task('one', probe({ to }));
  dag.map('each', one.output.byKey, (count, { index, key }) => probe({ note: key, nested: { index, count }, to }));
  expect(dag.graph().tasks[1]).toMatchObject({
    map: { over: { $ref: ['one', 'byKey'] } },
    input: { note: { $ref: ['@key'] }, nested: { index: { $ref: ['@index'] }, count: { $ref: ['@item'] } } },
  });
});

test('a sensor looks each minute for six hours, and a callback task waits a day, unless told otherwise', () => {
  const dag = newDag();
  dag.task('look', looking({}));
  dag.task('soft', looking({}), { pokeInterval: '30s', timeout: '1h', softFail: true });
  dag.task('ask', asking({}));
  dag.task('beat', asking({}), { timeout: '2h', heartbeat: '5m' });
  dag.task('plain', probe({ to }));
  expect(dag.graph().tasks.map(({ sensor, callback }) => sensor ?? callback)).toEqual([
    { pokeSeconds: 60, timeoutSeconds: 21_600, softFail: false },
    { pokeSeconds: 30, timeoutSeconds: 3600, softFail: true },
    { timeoutSeconds: 86_400, heartbeatSeconds: null },
    { timeoutSeconds: 7200, heartbeatSeconds: 300 },
    null,
  ]);
});
