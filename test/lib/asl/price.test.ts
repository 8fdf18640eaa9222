import { expect, test } from 'vitest';
import { priceLine, priceOf, restlessSensors } from '#lib/asl/price.ts';
import type { Graph } from '#lib/dag/index.ts';
import { Dag, use } from '#sluice';
import { sqlSensor } from '#tasks/sql-sensor/task.ts';
import { compiled, graphOf } from '../../worlds/machines.ts';
import { looking } from '../../worlds/probe.ts';

const priced = (graph: Graph, items?: number) => priceOf(graph, compiled(graph), items);
const scheduled = (schedule: string | null, timeZone = 'UTC') => graphOf([{ id: 'a' }], { schedule, timeZone });
const mapped = graphOf([
  {
    id: 'many',
    map: { over: { $ref: ['@params', 'list'] }, maxItems: 50, maxConcurrency: 10, toleratedFailureCount: 0 },
  },
  { id: 'one', upstream: ['many'] },
]);

test.for([
  ['0 0 * * *', 'UTC', 365 / 12],
  ['0 0 * * *', 'Europe/Berlin', 365 / 12],
  ['0 * * * *', 'UTC', (24 * 365) / 12],
  ['0 0 1 * *', 'UTC', 1],
  ['0 0 1 1 *', 'UTC', 1 / 12],
] as const)('%s in %s is so many runs a month', ([schedule, timeZone, runs]) => {
  expect(priced(scheduled(schedule, timeZone)).runsPerMonth).toBeCloseTo(runs, 2);
});

test('a schedule with very many ticks is averaged over the first of them', () => {
  expect(priced(scheduled('* * * * *')).runsPerMonth).toBeCloseTo((365 / 12) * 24 * 60, -2);
});

test('a month costs $0.025 for each 1,000 transitions of its runs', () => {
  const { run, transitionsPerMonth, dollarsPerMonth } = priced(scheduled('0 * * * *'));
  // Begin run, the task, Succeeded.
  expect(run.transitions).toBe(3);
  expect(transitionsPerMonth).toBeCloseTo(3 * 730);
  expect(dollarsPerMonth).toBeCloseTo(2.19 * 0.025);
});

test('a run by hand costs nothing a month', () => {
  const price = priced(scheduled(null));
  expect(price).toMatchObject({ runsPerMonth: 0, transitionsPerMonth: 0, dollarsPerMonth: 0 });
  expect(priceLine(price)).toBe('test: 3 transitions and 14 events a run, at most 6 and 23; by hand');
});

test('a mapped task is priced for the items that are assumed, and never for more than its maxItems', () => {
  const [none, ten, tooMany] = [0, 10, 1000].map((items) => priced(mapped, items).run.transitions);
  expect(priced(mapped).mapped).toEqual([{ task: 'many', transitions: 2, events: 9 }]);
  expect(ten).toBe((none ?? 0) + 10 * 2);
  expect(tooMany).toBe((none ?? 0) + 50 * 2);
});

test('the line for synth says what is assumed', () => {
  expect(priceLine(priced({ ...mapped, schedule: '0 0 * * *' }, 10))).toBe(
    'test: 25 transitions and 110 events a run with 10 items for each mapped task, at most 108 and 479; ' +
      '30.4 runs a month: $0.02, of which 4,000 transitions an account are free',
  );
});

test('sensors that look at the warehouse are priced at what they keep it awake for, and told where they never let it sleep', () => {
  const dag = new Dag('waiting', { schedule: '@daily', startDate: '2026-01-01' });
  const look = () => sqlSensor({ connection: use('redshift', 'warehouse'), file: 'sql/a/b.sql' });
  dag.task('sparing', look());
  dag.task('restless', look(), { pokeInterval: '1m' });
  dag.task('other', looking({}));
  const graph = dag.graph();
  const price = priceOf(graph, compiled(graph));
  // Of six hours: 37 looks of a minute, and awake throughout with the last look.
  expect(price.worstWarehouseSeconds).toBe(37 * 60 + 361 * 60);
  expect(price.worstWarehouseDollarsPerMonth).toBeCloseTo((365 / 12) * ((398 / 60) * 1.5));
  expect(restlessSensors(graph)).toEqual(['restless']);
});
