import { expect, test } from 'vitest';
import { compiled, execute, graphOf, statesOf, statusesOf } from '../../worlds/machines.ts';

const answer = ({ task }: { task: { id: string; index?: number } }) => {
  if (task.id.startsWith('bad') || (task.id === 'each' && task.index === 0))
    throw { error: 'Sluice.Terminal', cause: '{}' };
  return {};
};

test('the first failure ends the run, with what is known of the tasks', async () => {
  const tasks = [
    { id: 'a' },
    { id: 'b', upstream: ['a'] },
    { id: 'bad', upstream: ['b'] },
    { id: 'inner', upstream: ['b'] },
    { id: 'join', upstream: ['bad', 'inner'] },
    { id: 'beside', upstream: ['a'] },
    { id: 'slow', upstream: ['beside'], retries: 1 },
  ];
  const graph = graphOf(tasks, { failFast: true });
  const run = await execute(graph, { answer });
  expect(run).toMatchObject({ status: 'FAILED', error: 'Sluice.RunFailed' });
  expect(statusesOf(run)).toMatchObject({ a: 'success', b: 'success', bad: 'failed' });
  expect(statusesOf(run)).not.toHaveProperty('join');
  expect(run.calls.map(({ task }) => task.id)).not.toContain('join');
});

test('a chain that fails fast has no state besides its tasks, and a run without a failure succeeds', async () => {
  const chain = graphOf([{ id: 'a' }, { id: 'b', upstream: ['a'] }], { failFast: true });
  expect(statesOf(compiled(chain)).map(([name]) => name)).toEqual([
    'Begin run',
    'Already run',
    'a',
    'b',
    'Succeeded',
    'Failed',
  ]);
  const fork = graphOf([{ id: 'a' }, { id: 'b' }, { id: 'c', upstream: ['a', 'b'] }], { failFast: true });
  expect((await execute(fork, { answer })).output).toEqual({ a: 'success', b: 'success', c: 'success' });
});

test('an item of a mapped task that fails ends the run too, and a skip does not', async () => {
  const map = { over: { $ref: ['@params', 'list'] }, maxItems: 5, maxConcurrency: 1, toleratedFailureCount: 0 };
  const graph = graphOf(
    [
      { id: 'each', map },
      { id: 'next', upstream: ['each'] },
    ],
    { failFast: true },
  );
  const run = await execute(graph, { answer });
  expect(statusesOf(run)).toEqual({ each: 'failed' });
  expect(run.calls).toHaveLength(1);
  const skipping = await execute(graph, {
    answer: ({ task }) => {
      if (task.id === 'each') throw { error: 'Sluice.Skipped', cause: '{}' };
      return {};
    },
  });
  expect(skipping.output).toEqual({ each: 'skipped', next: 'skipped' });
});
