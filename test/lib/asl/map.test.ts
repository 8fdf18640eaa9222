import { expect, test } from 'vitest';
import type { GraphTask } from '#lib/dag/index.ts';
import { compiled, execute, graphOf, statesOf, statusesOf } from '../../worlds/machines.ts';

const mapped = (map: object = {}, retries = 0) =>
  graphOf([
    { id: 'list' },
    {
      id: 'each',
      upstream: ['list'],
      input: { name: { $ref: ['@item'] }, fixed: 1 },
      map: { over: { $ref: ['list', 'names'] }, maxItems: 1000, maxConcurrency: 10, toleratedFailureCount: 0, ...map },
      retries,
    },
    { id: 'load', upstream: ['each'], input: { from: { $ref: ['each'] } } },
  ]);

const items = (names: string[], failing: (name: string, attempt: number) => boolean = () => false) => ({
  answer: ({ task, input }: { task: { id: string; attempt: number }; input: unknown }) => {
    if (task.id !== 'each') return { names };
    if (failing((input as { name: string }).name, task.attempt)) throw { error: 'Sluice.Transient', cause: '{}' };
    return { big: 'x'.repeat(8000) };
  },
});

test('a mapped task is a Map with one Task, and the Choice behind it', () => {
  expect(statesOf(compiled(mapped())).slice(2, 6)).toEqual([
    ['list', 'Task'],
    ['each', 'Map'],
    ['Join of each', 'Choice'],
    ['load', 'Task'],
  ]);
});

test('each item has its index and its attempts, and the next task the number of outputs', async () => {
  const { calls, status } = await execute(
    mapped({}, 1),
    items(['a', 'b', 'c'], (name, n) => name === 'b' && n < 2),
  );
  expect(status).toBe('SUCCEEDED');
  const each = calls.filter(({ task }) => task.id === 'each').map(({ task, input }) => ({ ...task, input }));
  expect(each).toEqual(
    expect.arrayContaining([
      { id: 'each', index: 0, attempt: 1, input: { name: 'a', fixed: 1 } },
      { id: 'each', index: 1, attempt: 1, input: { name: 'b', fixed: 1 } },
      { id: 'each', index: 1, attempt: 2, input: { name: 'b', fixed: 1 } },
      { id: 'each', index: 2, attempt: 1, input: { name: 'c', fixed: 1 } },
    ]),
  );
  expect(calls.at(-1)).toMatchObject({
    task: { id: 'load' },
    input: { from: { $mapped: { task: 'each', count: 3, items: 3 } } },
  });
});

test.for([{ names: [] }, { names: ['only'] }])('a list of $names is mapped like any other', async ({ names }) => {
  const { calls, status } = await execute(mapped(), items(names));
  expect(status).toBe('SUCCEEDED');
  expect(calls.filter(({ task }) => task.id === 'each')).toHaveLength(names.length);
  expect(calls.at(-1)?.input).toEqual({
    from: { $mapped: { task: 'each', count: names.length, items: names.length } },
  });
});

test('an item that fails does not stop the others, and fails the task', async () => {
  const run = await execute(
    mapped({ maxConcurrency: 1 }),
    items(['a', 'b', 'c'], (name) => name === 'a'),
  );
  expect(run.calls.map(({ task }) => task.index)).toEqual([undefined, 0, 1, 2]);
  expect(run).toMatchObject({ status: 'FAILED', error: 'Sluice.RunFailed' });
  expect(statusesOf(run)).toEqual({ list: 'success', each: 'failed', load: 'upstream_failed' });
});

test.for([
  { fail: ['a'], each: 'success', count: 2 },
  { fail: ['a', 'b'], each: 'failed' },
  { fail: ['a', 'b', 'c'], each: 'failed' },
] as const)('of three items of which one may fail, $fail: the task is $each', async ({ fail, each, count }) => {
  const run = await execute(
    mapped({ toleratedFailureCount: 1 }),
    items(['a', 'b', 'c'], (name) => fail.some((one) => one === name)),
  );
  expect(statusesOf(run)).toMatchObject({ each, load: each === 'success' ? 'success' : 'upstream_failed' });
  if (count) expect(run.calls.at(-1)?.input).toEqual({ from: { $mapped: { task: 'each', count, items: 3 } } });
});

test('a task fails where every item failed, however many it tolerates, and succeeds over no item', async () => {
  const all = await execute(
    mapped({ toleratedFailureCount: 9 }),
    items(['a', 'b'], () => true),
  );
  expect(statusesOf(all)).toMatchObject({ each: 'failed' });
  expect(statusesOf(await execute(mapped({ toleratedFailureCount: 9 }), items([])))).toMatchObject({ each: 'success' });
});

test('a list longer than maxItems fails the task with an error that says so, and runs no item', async () => {
  const run = await execute(mapped({ maxItems: 2 }), items(['a', 'b', 'c']));
  expect(statusesOf(run)).toEqual({ list: 'success', each: 'failed', load: 'upstream_failed' });
  expect(run.calls.map(({ task }) => task.id)).toEqual(['list']);
  expect(JSON.stringify(run.events)).toContain('each has 3 items, more than its maxItems: 2');
});

test('a list that is missing fails the task', async () => {
  const run = await execute(mapped(), { answer: () => ({}) });
  expect(statusesOf(run)).toEqual({ list: 'success', each: 'failed', load: 'upstream_failed' });
});

test('1,000 items with large outputs fit the history and the payloads', async () => {
  const names = Array.from({ length: 1000 }, (_, index) => `repository-${index}`);
  const run = await execute(mapped({ maxConcurrency: 40 }, 2), items(names));
  expect(run.status).toBe('SUCCEEDED');
});

test('the count of a mapped task leaves its branch', async () => {
  const graph = mapped();
  const forked = graphOf([
    ...graph.tasks.slice(0, 2),
    { id: 'other' },
    { ...graph.tasks[2], id: 'load', upstream: ['each', 'other'] },
  ]);
  const { calls } = await execute(forked, items(['a', 'b']));
  expect(calls.at(-1)?.input).toEqual({ from: { $mapped: { task: 'each', count: 2, items: 2 } } });
});

test('an item that is skipped is left out of the outputs, and the task is skipped where all of them are', async () => {
  const skipping = (names: string[]) => ({
    answer: ({ task, input }: { task: { id: string }; input: unknown }) => {
      if (task.id !== 'each') return { names: ['a', 'b', 'c'] };
      if (names.includes((input as { name: string }).name)) throw { error: 'Sluice.Skipped', cause: '{}' };
      return {};
    },
  });
  const some = await execute(mapped(), skipping(['b']));
  expect(statusesOf(some)).toEqual({ list: 'success', each: 'success', load: 'success' });
  expect(some.calls.at(-1)?.input).toEqual({ from: { $mapped: { task: 'each', count: 2, items: 3 } } });
  const all = await execute(mapped(), skipping(['a', 'b', 'c']));
  expect(statusesOf(all)).toEqual({ list: 'success', each: 'skipped', load: 'skipped' });
});

test.for([
  { over: ['x', 'y'], keys: ['0', '1'] },
  { over: ['x'], keys: ['0'] },
  { over: [], keys: [] },
  { over: [['x'], ['y']], keys: ['0', '1'] },
  { over: { a: 'x', b: ['y'] }, keys: ['a', 'b'] },
  { over: { a: 'x' }, keys: ['a'] },
  { over: {}, keys: [] },
])('over $over an item has its index and its key', async ({ over, keys }) => {
  const [each] = graphOf([
    {
      id: 'each',
      input: { item: { $ref: ['@item'] }, index: { $ref: ['@index'] }, key: { $ref: ['@key'] } },
      map: { over: { $ref: ['@params', 'over'] }, maxItems: 10, maxConcurrency: 1, toleratedFailureCount: 0 },
    },
  ]).tasks;
  const run = await execute(graphOf([each as GraphTask]), { answer: () => ({}), params: { over } });
  expect(run.status).toBe('SUCCEEDED');
  expect(run.calls.map(({ input }) => input)).toEqual(
    Object.values(over).map((item, index) => ({ item, index, key: keys[index] })),
  );
});

test.for([
  { over: { a: 'x', b: ['y'], c: null, d: [] } },
  { over: { a: ['x', 'y'] } },
  { over: { a: [['x']] } },
  { over: {} },
  { over: [['x'], null, 'y'] },
])('over $over items need not ask for their keys, inline and distributed', async ({ over }) => {
  for (const maxItems of [10, 5000]) {
    const each = {
      id: 'each',
      input: { item: { $ref: ['@item'] }, index: { $ref: ['@index'] } },
      map: { over: { $ref: ['@params', 'over'] }, maxItems, maxConcurrency: 1, toleratedFailureCount: 0 },
    };
    const after = { id: 'after', upstream: ['each'], input: { from: { $ref: ['each'] } } };
    const run = await execute(graphOf([each, after]), { answer: () => ({}), params: { over } });
    const items = Object.values(over).map((item, index) => ({ item, index }));
    const from = { $mapped: { task: 'each', count: items.length, items: items.length } };
    expect(run.calls.map(({ input }) => input)).toEqual([...items, { from }]);
  }
});

test('an object with more fields than maxItems fails the task with an error that says so', async () => {
  const [, each] = mapped({ over: { $ref: ['@params', 'over'] }, maxItems: 2 }).tasks;
  const params = { over: { a: 1, b: 2, c: 3 } };
  const run = await execute(graphOf([{ ...(each as GraphTask), upstream: [] }]), { answer: () => ({}), params });
  expect(statusesOf(run)).toEqual({ each: 'failed' });
  expect(JSON.stringify(run.events)).toContain('each has 3 items, more than its maxItems: 2');
});

test('the outputs of a mapped task that failed are missing, beside it and behind a fork', async () => {
  const [list, each, load] = mapped().tasks as [GraphTask, GraphTask, GraphTask];
  const taking = { ...load, triggerRule: 'all_done' as const };
  const failing = items(['a'], () => true);
  const chain = await execute(graphOf([list, each, taking]), failing);
  expect(chain.calls.at(-1)).toMatchObject({ task: { id: 'load' }, input: {} });
  const forked = await execute(graphOf([list, each, { id: 'x' }, { ...taking, upstream: ['each', 'x'] }]), failing);
  expect(forked.calls.at(-1)).toMatchObject({ task: { id: 'load' }, input: {} });
});
