import { expect, test } from 'vitest';
import type { GraphTask } from '#lib/dag/index.ts';
import { compiled, execute, graphOf, type Part, type Payload, partsOf, statusesOf } from '../../worlds/machines.ts';

const each = (map: object = {}): Partial<GraphTask> & { id: string } => ({
  id: 'each',
  upstream: ['list'],
  input: {
    name: { $ref: ['@item'] },
    at: { $ref: ['@index'] },
    of: { $ref: ['list', 'org'] },
    on: { $ref: ['@run', 'runId'] },
  },
  map: { over: { $ref: ['list', 'names'] }, maxItems: 5000, maxConcurrency: 40, toleratedFailureCount: 0, ...map },
  retries: 1,
});
const load = { id: 'load', upstream: ['each'], input: { from: { $ref: ['each'] } } };
const mapped = (map: object = {}) => graphOf([{ id: 'list' }, each(map), load]);

interface Map {
  readonly ItemProcessor: { readonly ProcessorConfig: { readonly Mode: string } };
  readonly ItemReader?: object;
  readonly Items?: string;
  readonly Catch?: object[];
}
/** The Maps of a machine. */
const mapsOf = (machine: object): Record<string, Map> =>
  Object.fromEntries(
    partsOf(machine as Part).flatMap(({ States }) => Object.entries(States).filter(([, { Type }]) => Type === 'Map')),
  ) as unknown as Record<string, Map>;
const modesOf = (machine: object) =>
  Object.entries(mapsOf(machine)).map(([id, { ItemProcessor }]) => `${id} ${ItemProcessor.ProcessorConfig.Mode}`);
/** Which tasks are told to leave lists out of what they give. */
const listedBy = (machine: object) =>
  partsOf(machine as Part).flatMap(({ States }) =>
    Object.values(States).flatMap(({ Arguments }) => {
      const { id, listed } = (Arguments as { Payload?: { task?: Payload['task'] } } | undefined)?.Payload?.task ?? {};
      return listed ? [[id, listed]] : [];
    }),
  );

/** Items named `fail…` fail, `skip…` skip themselves, `retry…` succeed at their second attempt. */
const answering = (names: unknown) => ({
  answer: ({ task, input }: { task: { id: string; attempt: number }; input: unknown }) => {
    if (task.id === 'list') return { names, org: 'acme' };
    if (task.id === 'load') return {};
    const { name } = input as { name: string };
    if (name.startsWith('fail')) throw { error: 'Sluice.Terminal', cause: '{"errorMessage":"refused"}' };
    if (name.startsWith('skip')) throw { error: 'Sluice.Skipped', cause: '{}' };
    if (name.startsWith('retry') && task.attempt < 2) throw { error: 'Sluice.Transient', cause: '{}' };
    return { big: 'x'.repeat(8000) };
  },
});

test('a map of more than 1,000 items is distributed, and reads the list from the ledger', () => {
  const machine = compiled(mapped());
  expect(modesOf(compiled(mapped({ maxItems: 1000 })))).toEqual(['each INLINE']);
  expect(modesOf(machine)).toEqual(['each DISTRIBUTED']);
  expect(listedBy(machine)).toEqual([['list', ['/names']]]);
  expect(mapsOf(machine)['each']?.ItemReader).toMatchObject({
    Resource: 'arn:aws:states:::s3:getObject',
    ReaderConfig: { InputType: 'JSON', ItemsPointer: '/output/names' },
  });
});

test('where a history has no room for all maps, those with the most events are distributed', () => {
  const map = (maxItems: number) => ({
    over: { $ref: ['@params', 'list'] },
    maxItems,
    maxConcurrency: 10,
    toleratedFailureCount: 0,
  });
  const graph = graphOf([
    { id: 'small', map: map(500) },
    { id: 'large', map: map(1000), retries: 2 },
    { id: 'middle', map: map(800), retries: 2 },
  ]);
  expect(modesOf(compiled(graph)).sort()).toEqual(['large DISTRIBUTED', 'middle INLINE', 'small INLINE']);
  expect(modesOf(compiled({ ...graph, tasks: graph.tasks.slice(0, 2) })).sort()).toEqual([
    'large INLINE',
    'small INLINE',
  ]);
});

test.for([
  ['its items want their keys', { input: { key: { $ref: ['@key'] } } }, {}],
  [
    'it comes from the params',
    { map: { over: { $ref: ['@params', 'list'] }, maxItems: 5000, maxConcurrency: 1, toleratedFailureCount: 0 } },
    {},
  ],
  ['it is in the DAG', { map: { over: ['x'], maxItems: 5000, maxConcurrency: 1, toleratedFailureCount: 0 } }, {}],
  ['another task takes it', {}, { input: { names: { $ref: ['list', 'names'] } } }],
  ['another task takes the whole output', {}, { input: { all: { $ref: ['list'] } } }],
  ['a condition reads it', {}, { when: [{ $op: 'eq', args: [{ $ref: ['list', 'names', '0'] }, 'a'] }] }],
  [
    'an inline map runs over it',
    {},
    { map: { over: { $ref: ['list', 'names'] }, maxItems: 5, maxConcurrency: 1, toleratedFailureCount: 0 } },
  ],
] as const)('a list travels through the machine where %s', ([, ofMap, ofOther]) => {
  const other = { id: 'other', upstream: ['list'], ...ofOther } as Partial<GraphTask> & { id: string };
  const machine = compiled(graphOf([{ id: 'list' }, { ...each(), ...ofMap } as ReturnType<typeof each>, other]));
  expect(listedBy(machine)).toEqual([]);
  expect(mapsOf(machine)['each']?.ItemReader).toBeUndefined();
});

test('a list may be read by several maps, and be the whole output', () => {
  const second = { ...each(), id: 'second' };
  expect(listedBy(compiled(graphOf([{ id: 'list' }, each(), second])))).toEqual([['list', ['/names']]]);
  const whole = graphOf([
    { id: 'list' },
    { ...each({ over: { $ref: ['list'] } }), input: { name: { $ref: ['@item'] } } },
  ]);
  expect(listedBy(compiled(whole))).toEqual([['list', ['']]]);
});

test.for([
  ['job', { job: { resource: 'glue:startJobRun.sync', arguments: {}, output: ['names'], timeoutSeconds: 60 } }],
  ['callback task', { callback: { timeoutSeconds: 60, heartbeatSeconds: null } }],
] as const)('the list that a %s gives travels through the machine: no Lambda puts it into the ledger', ([, kind]) => {
  const each = {
    id: 'each',
    upstream: ['list'],
    map: { over: { $ref: ['list', 'names'] }, maxItems: 5000, maxConcurrency: 1, toleratedFailureCount: 0 },
  };
  const map = mapsOf(compiled(graphOf([{ id: 'list', ...kind } as Partial<GraphTask> & { id: string }, each])))['each'];
  expect(map?.ItemReader).toBeUndefined();
  expect(map?.Items).toContain('$o_list.names');
});

test('items have what inline ones have, and the next task the number of outputs', async () => {
  const run = await execute(mapped(), answering(['a', 'skip', 'retry']));
  expect(run.status).toBe('SUCCEEDED');
  expect(statusesOf(run)).toEqual({ list: 'success', each: 'success', load: 'success' });
  const calls = run.calls.filter(({ task }) => task.id === 'each');
  const input = (name: string, at: number) => ({ name, at, of: 'acme', on: run.calls[0]?.run.runId });
  expect(calls.map(({ task, input: given }) => [task, given])).toEqual(
    expect.arrayContaining([
      [{ id: 'each', index: 0, attempt: 1 }, input('a', 0)],
      [{ id: 'each', index: 2, attempt: 2 }, input('retry', 2)],
    ]),
  );
  expect(calls).toHaveLength(4);
  expect(calls[0]?.run).toEqual(run.calls[0]?.run);
  expect(run.calls.at(-1)?.input).toEqual({ from: { $mapped: { task: 'each', count: 2, items: 3 } } });
});

test('an item that fails is an execution that failed; it fails the task, and stops no other', async () => {
  const run = await execute(mapped({ maxConcurrency: 1 }), answering(['fail', 'a', 'skip', 'b']));
  expect(statusesOf(run)).toEqual({ list: 'success', each: 'failed', load: 'upstream_failed' });
  expect(run.mapRuns).toMatchObject([{ status: 'SUCCEEDED', itemCounts: { total: 4, succeeded: 3, failed: 1 } }]);
  expect(run.calls.filter(({ task }) => task.id === 'each')).toHaveLength(4);
});

test.for([
  { names: ['fail', 'a', 'skip', 'b'], each: 'success' },
  { names: ['fail', 'a', 'fail', 'b'], each: 'failed' },
  { names: ['fail'], each: 'failed' },
])('of $names, of which one may fail, the task is $each', async ({ names, each }) => {
  const run = await execute(mapped({ toleratedFailureCount: 1 }), answering(names));
  expect(statusesOf(run)).toMatchObject({ each });
});

test('where the first failure ends the run, it ends the Map Run', async () => {
  const graph = { ...mapped({ maxConcurrency: 1 }), failFast: true };
  const run = await execute(graph, answering(['fail', 'a', 'b']));
  expect(run).toMatchObject({ status: 'FAILED', error: 'Sluice.RunFailed' });
  expect(run.mapRuns).toMatchObject([{ status: 'FAILED', itemCounts: { failed: 1 } }]);
});

test('a result that failed items made too long is a failed task, too', () => {
  expect(mapsOf(compiled(mapped()))['each']?.Catch).toMatchObject([
    { ErrorEquals: ['States.DataLimitExceeded'], Next: 'Failed' },
    { ErrorEquals: ['States.ALL'], Next: 'Failed' },
  ]);
});

test.for([
  { names: [], each: 'success' },
  { names: ['skip', 'skip'], each: 'skipped' },
  { names: ['fail', 'fail'], each: 'failed' },
])('over $names the task comes to $each', async ({ names, each }) => {
  expect(statusesOf(await execute(mapped(), answering(names)))).toMatchObject({ each });
});

test('a list longer than maxItems fails the task with an error that says so, and runs no item', async () => {
  const run = await execute(mapped({ maxItems: 1001 }), answering(Array(1002).fill('a')));
  expect(statusesOf(run)).toEqual({ list: 'success', each: 'failed', load: 'upstream_failed' });
  expect(run.calls).toHaveLength(1);
  expect(JSON.stringify(run.events)).toContain('each has 1002 items, more than its maxItems: 1001');
});

test('a list that is missing fails the task with an error that says so', async () => {
  const run = await execute(mapped(), { answer: () => ({}) });
  expect(statusesOf(run)).toEqual({ list: 'success', each: 'failed', load: 'upstream_failed' });
  expect(JSON.stringify(run.events)).toContain('each: what it runs over is missing, or no list');
});

test('an object that is looked for in the ledger fails the task with an error that says what to do', async () => {
  const run = await execute(mapped(), answering({ x: 'a' }));
  expect(statusesOf(run)).toMatchObject({ each: 'failed' });
  expect(JSON.stringify(run.events)).toContain('Of an object, have the items take their key');
});

test('a list, and outputs, that no payload holds fit, and leave six events', async () => {
  const names = Array.from({ length: 1200 }, (_, index) => `${index % 100 ? 'a' : 'skip'}-${'x'.repeat(220)}-${index}`);
  expect(JSON.stringify(names).length).toBeGreaterThan(262_144);
  const run = await execute(mapped(), answering(names));
  expect(run.status).toBe('SUCCEEDED');
  expect(run.calls.at(-1)?.input).toEqual({ from: { $mapped: { task: 'each', count: 1188, items: 1200 } } });
  expect(run.events.filter(({ type }) => /^Map/.test(type)).map(({ type }) => type)).toEqual([
    'MapStateEntered',
    'MapStateStarted',
    'MapRunStarted',
    'MapRunSucceeded',
    'MapStateSucceeded',
    'MapStateExited',
  ]);
});

test('a list that travels through the machine is mapped the same way, keys and all', async () => {
  const graph = graphOf([
    {
      id: 'each',
      input: { name: { $ref: ['@item'] }, key: { $ref: ['@key'] } },
      map: { over: { $ref: ['@params', 'over'] }, maxItems: 2000, maxConcurrency: 1, toleratedFailureCount: 0 },
    },
  ]);
  const run = await execute(graph, { ...answering([]), params: { over: { x: 'a', y: 'fail' } } });
  expect(run.calls.map(({ input }) => input)).toEqual([
    { name: 'a', key: 'x' },
    { name: 'fail', key: 'y' },
  ]);
  expect(statusesOf(run)).toEqual({ each: 'failed' });
});
