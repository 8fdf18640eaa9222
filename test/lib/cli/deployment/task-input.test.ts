import { expect, test } from 'vitest';
import { callOf, tasksRead } from '#lib/cli/deployment/task-input.ts';
import { graphOf } from '../../../worlds/machines.ts';

const run = {
  dagId: 'd',
  runId: '20261119T000000Z',
  logicalDate: '2026-11-19T00:00:00Z',
  dataInterval: { start: '2026-11-19T00:00:00Z', end: '2026-11-20T00:00:00Z' },
  clearing: 1,
  execution: 'x',
  params: { org: 'astronomer' },
};
const outputs = { list: { names: ['a', 'b'], rows: 3 }, each: [{ rows: 1 }], skipped: undefined };
const ref = (...$ref: string[]) => ({ $ref });

const task = (of: object) => {
  const [found] = graphOf([{ id: 't', ...of }]).tasks;
  if (!found) throw new Error('no task');
  return found;
};
const call = (of: object, index?: number) => callOf(task(of), { run, outputs }, index);
const mapping = { maxItems: 5, maxConcurrency: 2, toleratedFailureCount: 0 };

test('references to outputs, the run and its params are their values, whatever their type', async () => {
  const input = {
    rows: ref('list', 'rows'),
    all: ref('list', 'names'),
    items: ref('each'),
    date: ref('@run', 'date'),
    text: { $text: [ref('@params', 'org'), ' has ', ref('list', 'rows')] },
    more: { $op: 'gt', args: [ref('list', 'rows'), 2] },
    list: [ref('list', 'rows'), ref('skipped', 'rows')],
    missing: ref('skipped', 'rows'),
    plain: null,
  };
  expect(await call({ input })).toEqual({
    input: {
      rows: 3,
      all: ['a', 'b'],
      items: [{ rows: 1 }],
      date: '2026-11-19',
      text: 'astronomer has 3',
      more: true,
      list: [3, null],
      plain: null,
    },
  });
});

test('a mapped task is called with its first item, or with the one that is asked for', async () => {
  const of = { map: { ...mapping, over: ref('list', 'names') }, input: { name: ref('@item'), at: ref('@index') } };
  expect(await call(of)).toEqual({ input: { name: 'a', at: 0 }, index: 0, item: 'a' });
  expect(await call(of, 1)).toEqual({ input: { name: 'b', at: 1 }, index: 1, item: 'b' });
  await expect(call(of, 2)).rejects.toThrow("'t' has 2 items there: there is no item 2");
});

test('items of an object have their keys', async () => {
  const of = { map: { ...mapping, over: { x: [1], y: [2] } }, input: { key: ref('@key'), value: ref('@item') } };
  expect(await call(of, 1)).toEqual({ input: { key: 'y', value: [2] }, index: 1, item: { key: 'y', item: [2] } });
});

test('an item of a task that is not mapped, and a list that is none, are usage', async () => {
  await expect(call({ input: {} }, 0)).rejects.toThrow("'t' is not mapped");
  await expect(call({ map: { ...mapping, over: ref('skipped', 'names') }, input: {} })).rejects.toThrow('is missing');
});

test('the tasks that a task reads are told once each, without the run and its params', () => {
  const input = { a: ref('list', 'rows'), b: ref('@run', 'date'), c: { $text: [ref('list', 'names'), ref('each')] } };
  expect(tasksRead(task({ input, map: { ...mapping, over: ref('list', 'names') } }))).toEqual(['list', 'each']);
});
