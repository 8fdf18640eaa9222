import { expect, test } from 'vitest';
import { addedWaits } from '#lib/asl/index.ts';
import type { Graph } from '#lib/dag/index.ts';
import { compiled, edges, execute, graphOf, partsOf, RUN, statesOf, statusesOf } from '../../worlds/machines.ts';

const names = (graph: Graph) => statesOf(compiled(graph)).map(([name]) => name);
const JOB = { resource: 'glue:startJobRun.sync', arguments: {}, output: ['Id'], timeoutSeconds: 60 };
const FRAME = ['Begin run', 'Already run', 'Succeeded', 'Failed'];
const beside = (graph: Graph) => names(graph).filter((name) => !FRAME.includes(name));
const fail = (error: string) => {
  throw { error, cause: `${error} happened` };
};

test('a chain of n tasks has n Task states besides begin, and no Choice', () => {
  const chain = edges({ a: [], b: ['a'], c: ['b'], d: ['c', 'a'] });
  expect(statesOf(compiled(chain))).toEqual([
    ['Begin run', 'Task'],
    ['Already run', 'Succeed'],
    ['a', 'Task'],
    ['b', 'Task'],
    ['c', 'Task'],
    ['d', 'Task'],
    ['Succeeded', 'Succeed'],
    ['Failed', 'Fail'],
  ]);
});

test('a fork is a Parallel with an end for each branch, and a Choice behind it', () => {
  expect(beside(edges({ a: [], b: ['a'], c: ['a'], d: ['b', 'c'] }))).toEqual([
    'a',
    'Fork 1',
    'Join 1',
    'd',
    'b',
    'End of branch 1.1',
    'c',
    'End of branch 1.2',
  ]);
});

test('an empty task that joins is that Choice, and one that joins nothing is a Pass', () => {
  const graph = graphOf([
    { id: 'kick_off', type: null },
    { id: 'a', upstream: ['kick_off'] },
    { id: 'b', upstream: ['kick_off'] },
    { id: 'gathered', type: null, upstream: ['a', 'b'] },
    { id: 'end', upstream: ['gathered'] },
  ]);
  const states = Object.fromEntries(statesOf(compiled(graph)));
  expect(states).toMatchObject({ kick_off: 'Pass', gathered: 'Choice', end: 'Task' });
  expect(Object.keys(states)).not.toContain('Join 1');
});

test('a fork at the end of a branch has no Choice: nothing there waits for it', () => {
  const graph = edges({ a: [], b: ['a'], c: ['a'], d: [] });
  expect(beside(graph)).toContain('Fork 2');
  expect(beside(graph).filter((name) => name.startsWith('Join'))).toEqual(['Join 1']);
});

test('the machine and each task have a timeout, and the retries are in order', () => {
  const machine = compiled(graphOf([{ id: 'a', retries: 3, retryDelaySeconds: 30 }]));
  expect(machine.TimeoutSeconds).toBe(86_400);
  expect(machine.States['a']).toMatchObject({
    TimeoutSeconds: 960,
    Retry: [
      { ErrorEquals: ['Sluice.Again'], MaxAttempts: 500 },
      { ErrorEquals: expect.arrayContaining(['Lambda.TooManyRequestsException']), MaxAttempts: 20 },
      { ErrorEquals: expect.arrayContaining(['Sluice.Terminal', 'Sluice.Skipped']), MaxAttempts: 0 },
      { ErrorEquals: ['States.ALL'], IntervalSeconds: 30, MaxDelaySeconds: 300, MaxAttempts: 3 },
    ],
  });
});

test('a crossing is cut by a barrier, and what waits for it is told', () => {
  const crossing = edges({ start: [], a: ['start'], b: ['start'], c: ['a', 'b'], d: ['b'], end: ['c', 'd'] });
  expect(addedWaits(crossing)).toEqual([{ task: 'd', waitsFor: ['a'] }]);
  expect(beside(crossing).filter((name) => !name.startsWith('End'))).toEqual([
    ...['start', 'Fork 1', 'Fork 2', 'Join 2', 'end'],
    ...['a', 'b', 'c?', 'c', 'd?', 'd'],
  ]);
});

test('what is series-parallel beside or within a crossing stays as it is', () => {
  const crossing = { a: [], b: [], c: ['a', 'b'], d: ['b'], e: ['c', 'd'] };
  const beside = { x: [], y: ['x'], z: ['y'] };
  expect(addedWaits(edges({ ...beside, ...crossing }))).toEqual([{ task: 'd', waitsFor: ['a'] }]);
});

test('a series-parallel graph adds no waiting', () => {
  expect(addedWaits(edges({ a: [], b: ['a'], c: ['a', 'b'], d: ['a'], e: ['c', 'd'], f: ['e', 'a'] }))).toEqual([]);
});

test('edges that say nothing new do not make a graph cross', () => {
  expect(() => compiled(edges({ a: [], b: ['a'], c: ['a', 'b'], d: ['a', 'c', 'b'] }))).not.toThrow();
});

test('begin is told of the execution as it was started, and of the pipeline', async () => {
  const events: unknown[] = [];
  const paramsSchema = { type: 'object', properties: { org: { default: '{% 1 %}' } } };
  const params = { org: 'o', limit: 5 };
  const tasks = [
    { id: 'a' },
    { id: 'job', upstream: ['a'], job: JOB },
    { id: 'end', type: null, upstream: ['job', 'a'] },
  ];
  const graph = graphOf(tasks, { schedule: '0 0 * * *', params, paramsSchema, snapshot: true });
  await execute(graph, {
    answer: () => ({}),
    begin: ((event: unknown) => events.push(event) && RUN) as () => unknown,
    input: { logicalDate: '2026-01-01', params: { limit: 7 } },
  });
  expect(events).toEqual([
    {
      execution: expect.stringMatching(/^arn:aws:states:us-east-1:000000000000:execution:test:/),
      startTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      input: { logicalDate: '2026-01-01', params: { limit: 7 } },
      pipeline: {
        dagId: 'test',
        schedule: '0 0 * * *',
        timeZone: 'UTC',
        startDate: '2026-01-01',
        maxActiveRuns: 1,
        snapshot: true,
        tasks: ['a', 'job', 'end'],
        nodes: [{ after: [] }, { after: [0], kind: 'native' }, { after: [1, 0], kind: 'empty' }],
        params: JSON.stringify(paramsSchema),
      },
    },
  ]);
});

test('a duplicate ends quietly without a task', async () => {
  const run = await execute(edges({ a: [] }), { answer: () => ({}), begin: () => fail('Sluice.Duplicate') });
  expect(run).toMatchObject({ status: 'SUCCEEDED', output: {}, calls: [] });
});

test("begin's other errors end the execution as they are", async () => {
  const run = await execute(edges({ a: [] }), { answer: () => ({}), begin: () => fail('Sluice.NoSnapshot') });
  expect(run).toMatchObject({ status: 'FAILED', error: 'Sluice.NoSnapshot', cause: 'Sluice.NoSnapshot happened' });
});

test('begin waits for a slot for as long as it is busy', async () => {
  let waits = 100;
  const begin = () => (waits-- > 0 ? fail('Sluice.Busy') : RUN);
  expect(await execute(edges({ a: [] }), { answer: () => ({}), begin })).toMatchObject({ status: 'SUCCEEDED' });
});

test('a task is told the run, its id and attempt, and its input with the outputs that it takes', async () => {
  const graph = graphOf([
    { id: 'a', retries: 1 },
    {
      id: 'b-2.x',
      upstream: ['a'],
      input: { whole: { $ref: ['a'] }, date: { $ref: ['@run', 'date'] }, param: { $ref: ['@params', 'list'] } },
    },
  ]);
  const { calls } = await execute(graph, {
    answer: ({ task }) => (task.id === 'a' && task.attempt === 1 ? fail('Sluice.Transient') : { rows: 3 }),
  });
  const run = { ...RUN, date: '2026-01-01' };
  expect(calls).toEqual([
    { run, task: { id: 'a', attempt: 1 }, input: {} },
    { run, task: { id: 'a', attempt: 2 }, input: {} },
    {
      run,
      task: { id: 'b-2.x', attempt: 1 },
      input: { whole: { rows: 3 }, date: '2026-01-01', param: ['x', 'y'] },
    },
  ]);
});

test('tasks whose ids differ in signs only keep their outputs apart', async () => {
  const ids = ['a-b', 'a.b', 'a_b', `${'x'.repeat(79)}1`, `${'x'.repeat(79)}2`];
  const input = Object.fromEntries(ids.map((id) => [id, { $ref: [id, 'id'] }]));
  const chain = ids.map((id, index) => ({ id, upstream: ids.slice(0, index) }));
  const { calls } = await execute(graphOf([...chain, { id: 'last', upstream: ids, input }]), {
    answer: ({ task }) => ({ id: task.id }),
  });
  expect(calls.at(-1)?.input).toEqual(Object.fromEntries(ids.map((id) => [id, id])));
});

test('outputs leave the branches of forks in forks, and each variable belongs to one scope', async () => {
  const graph = graphOf([
    { id: 'a' },
    { id: 'b', upstream: ['a'] },
    { id: 'c', upstream: ['a'] },
    { id: 'd', upstream: ['b', 'c'], input: { c: { $ref: ['c'] } } },
    { id: 'e' },
    { id: 'f', upstream: ['d', 'e'], input: { a: { $ref: ['a'] }, c: { $ref: ['c'] }, e: { $ref: ['e'] } } },
  ]);
  const { calls, status } = await execute(graph, { answer: ({ task }) => task.id });
  expect(status).toBe('SUCCEEDED');
  expect(calls.find(({ task }) => task.id === 'd')?.input).toEqual({ c: 'c' });
  expect(calls.find(({ task }) => task.id === 'f')?.input).toEqual({ a: 'a', c: 'c', e: 'e' });
  const assigned = partsOf(compiled(graph) as never).flatMap(({ States }) =>
    Object.values(States).flatMap((state) => Object.keys((state as { Assign?: object }).Assign ?? {})),
  );
  expect(new Set(assigned).size).toBe(assigned.length);
});

test('a failure keeps what waits for it from running, lets the rest run, and fails the run with all statuses', async () => {
  const graph = edges({ a: [], b: ['a'], c: [], d: ['c'], e: ['b', 'd'] });
  const run = await execute(graph, { answer: ({ task }) => (task.id === 'a' ? fail('Sluice.Terminal') : {}) });
  expect(run).toMatchObject({ status: 'FAILED', error: 'Sluice.RunFailed' });
  expect(run.calls.map(({ task }) => task.id).sort()).toEqual(['a', 'c', 'd']);
  expect(statusesOf(run)).toEqual({
    a: 'failed',
    b: 'upstream_failed',
    c: 'success',
    d: 'success',
    e: 'upstream_failed',
  });
});

test('1,000 tasks compile within 2 seconds, and what follows a chain costs each of its tasks the same', () => {
  const chainOf = (count: number) => {
    const ids = Array.from({ length: count }, (_, index) => `t${index}`);
    const chain = ids.map((id, index) => ({ id, upstream: ids.slice(Math.max(0, index - 1), index) }));
    return graphOf([...chain, { id: 'clean', upstream: ids.slice(-1), triggerRule: 'all_done' }]);
  };
  const bytes = (count: number) => JSON.stringify(compiled(chainOf(count))).length / count;
  const before = process.cpuUsage();
  const long = bytes(999);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000_000).toBeLessThan(2);
  expect(long / bytes(250)).toBeLessThan(1.05);
});
