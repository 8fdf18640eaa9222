import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GraphTask } from '#lib/dag/index.ts';
import { compiled, execute, nextsOf, type Part, type Payload, partsOf, statusesOf } from './machines.ts';
import { NAMES, type RandomGraph, randomGraph, statusesByRule } from './random-graphs.ts';

/** Fixed, so that a failure comes again; raise the number of runs for a longer look. */
const PARAMETERS = { seed: 20261120, numRuns: 150 };

const answer =
  ({ outcomes }: RandomGraph) =>
  ({ task }: Payload) => {
    const outcome = outcomes.get(task.id)?.[task.index ?? 0];
    if (outcome === 'failed') throw { error: 'Sluice.Terminal', cause: '{}' };
    return { id: task.id, names: NAMES };
  };

test('every random DAG ends with the statuses that its rule gives, and fails exactly when a leaf did not succeed', async () => {
  await fc.assert(
    fc.asyncProperty(randomGraph, async (random) => {
      const expected = statusesByRule(random);
      const run = await execute(random.graph, { answer: answer(random) });
      expect(statusesOf(run)).toEqual(expected);
      expect(run.status).toBe(
        leavesOf(random.graph.tasks).every((id) => expected[id] === 'success') ? 'SUCCEEDED' : 'FAILED',
      );
    }),
    PARAMETERS,
  );
});

test('in every random DAG a task runs once, after those that it waits for, and takes their outputs', async () => {
  await fc.assert(
    fc.asyncProperty(randomGraph, async (random) => {
      const expected = statusesByRule(random);
      const { calls } = await execute(random.graph, { answer: answer(random) });
      const once = new Set(calls.map(({ task }) => `${task.id}[${task.index ?? ''}]`));
      expect(once.size).toBe(calls.length);
      for (const task of random.graph.tasks.filter(({ type }) => type !== null)) {
        const first = calls.findIndex((call) => call.task.id === task.id);
        const ran = expected[task.id] !== 'upstream_failed';
        expect(first >= 0).toBe(ran);
        if (!ran) continue;
        expect(calls[first]?.input).toEqual(inputOf(task, random));
        const before = calls.findLastIndex((call) => task.upstream.includes(call.task.id));
        expect(before).toBeLessThan(first);
      }
    }),
    PARAMETERS,
  );
});

test('every random DAG compiles to states that are unique, each reachable, each task once', () => {
  fc.assert(
    fc.property(randomGraph, ({ graph }) => {
      const parts = partsOf(compiled(graph) as unknown as Part);
      const names = parts.flatMap(({ States }) => Object.keys(States));
      expect(new Set(names).size).toBe(names.length);
      for (const { id } of graph.tasks) expect(names).toContain(id);
      for (const part of parts) expect(reachable(part)).toEqual(new Set(Object.keys(part.States)));
    }),
    PARAMETERS,
  );
});

function leavesOf(tasks: readonly GraphTask[]): string[] {
  return tasks.map(({ id }) => id).filter((id) => !tasks.some(({ upstream }) => upstream.includes(id)));
}

/** What a task must see: each output whole, and of a mapped task how many there are. */
function inputOf({ input }: GraphTask, { graph, outcomes }: RandomGraph): unknown {
  const fields = Object.keys(input as object).map((id) => {
    const isMapped = graph.tasks.find((task) => task.id === id)?.map;
    const count = outcomes.get(id)?.length;
    return [id, isMapped ? { $mapped: { task: id, count } } : { id, names: NAMES }];
  });
  return Object.fromEntries(fields);
}

function reachable({ StartAt, States }: Part): Set<string> {
  const found = new Set([StartAt]);
  for (const name of found) for (const next of nextsOf(States[name] ?? { Type: '' })) found.add(next);
  return found;
}
