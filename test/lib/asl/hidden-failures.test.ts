import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hiddenFailures } from '#lib/asl/index.ts';
import type { GraphTask } from '#lib/dag/index.ts';
import { graphOf } from '../../worlds/machines.ts';
import { PARAMS, randomGraph } from '../../worlds/random-graphs.ts';
import { expectedOf } from '../../worlds/reference.ts';

const behind = (triggerRule: GraphTask['triggerRule'], more: Partial<GraphTask> = {}) =>
  graphOf([{ id: 'load' }, { id: 'last', upstream: ['load'], triggerRule, ...more }]);

test.each(['one_failed', 'all_failed', 'all_done', 'always', 'one_done', 'one_success', 'none_skipped'] as const)(
  'a leaf with %s hides failures of what is before it',
  (rule) => expect(hiddenFailures(behind(rule))).toEqual([{ leaf: 'last', tasks: ['load'] }]),
);

test.each(['all_success', 'none_failed', 'none_failed_min_one_success'] as const)('a leaf with %s hides none', (rule) =>
  expect(hiddenFailures(behind(rule))).toEqual([]),
);

test('a task that is hidden from one leaf and seen by another is not hidden; an empty task never fails', () => {
  const tell = { id: 'tell', triggerRule: 'one_failed' } as const;
  const seen = graphOf([
    { id: 'load' },
    { ...tell, upstream: ['load'] },
    { id: 'end', type: null, upstream: ['load'] },
  ]);
  expect(hiddenFailures(seen)).toEqual([]);
  expect(
    hiddenFailures(
      graphOf([
        { id: 'nothing', type: null },
        { ...tell, upstream: ['nothing'] },
      ]),
    ),
  ).toEqual([]);
});

test('a failure is hidden as well by a rule in the middle, and by a condition that another task decides', () => {
  const middle = graphOf([
    { id: 'load' },
    { id: 'clean', upstream: ['load'], triggerRule: 'all_done' },
    { id: 'last', upstream: ['clean'] },
  ]);
  expect(hiddenFailures(middle)).toEqual([{ leaf: 'last', tasks: ['load'] }]);
  const gated = graphOf([
    { id: 'check' },
    { id: 'load' },
    { id: 'last', upstream: ['check', 'load'], when: [{ $ref: ['check', 'isOpen'] }] },
  ]);
  expect(hiddenFailures(gated)).toEqual([{ leaf: 'last', tasks: ['load'] }]);
});

test('where the first failure ends the run, nothing is hidden', () => {
  expect(hiddenFailures({ ...behind('all_done'), failFast: true })).toEqual([]);
});

test('in random DAGs, whatever fails in a run that succeeds was told before', () => {
  let hidden = 0;
  fc.assert(
    fc.property(randomGraph, ({ graph, runs }) => {
      const told = new Set(hiddenFailures(graph).flatMap(({ tasks }) => tasks));
      for (const outcomes of runs) {
        const { run, tasks } = expectedOf(graph, outcomes, PARAMS);
        if (run === 'failed') continue;
        const failed = Object.keys(tasks).filter((id) => tasks[id] === 'failed');
        hidden += failed.length;
        expect(failed.filter((id) => !told.has(id))).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
  expect(hidden).toBeGreaterThan(0);
});
