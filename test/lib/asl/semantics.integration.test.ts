/**
 * Random DAGs, compiled and run on the embedded Step Functions, against the reference. For a longer look, or another:
 *
 *   SLUICE_CASES=100000 SLUICE_SEED=7 npx vitest run test/lib/asl/semantics
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GraphTask } from '#lib/dag/index.ts';
import { cases } from '../../worlds/effort.ts';
import { compiled, machineOf, nextsOf, type Part, type Payload, partsOf, statusesOf } from '../../worlds/machines.ts';
import { NAMES, PARAMS, type RandomGraph, randomGraph } from '../../worlds/random-graphs.ts';
import { expectedOf, type Outcome } from '../../worlds/reference.ts';

const CASES = Number(process.env['SLUICE_CASES'] ?? cases({ daily: 600, deep: 2400 }));
const SEED = Number(process.env['SLUICE_SEED'] ?? 20_261_120);
const RUNS_OF_A_GRAPH = 8;
const parameters = (runs: number) => ({ seed: SEED, numRuns: Math.ceil(runs / RUNS_OF_A_GRAPH) });

type Outcomes = ReadonlyMap<string, Outcome>;
const answer =
  (outcomes: Outcomes) =>
  ({ task }: Payload) => {
    const { ends, output, items } = outcomes.get(task.id) as Outcome;
    const end = task.index === undefined ? ends : items[task.index];
    if (end === 'failed') throw { error: 'Sluice.Terminal', cause: '{}' };
    if (end === 'skipped') throw { error: 'Sluice.Skipped', cause: '{}' };
    return output;
  };

test(`in ${CASES} runs of random DAGs every task, and the run, comes to what the rules say`, async () => {
  await fc.assert(
    fc.asyncProperty(randomGraph, async ({ graph, runs }) => {
      const machine = machineOf(graph);
      for (const outcomes of runs) {
        const expected = expectedOf(graph, outcomes, PARAMS);
        const run = await machine({ answer: answer(outcomes), params: PARAMS });
        expect(statusesOf(run)).toEqual(expected.tasks);
        expect(run.status).toBe(expected.run === 'success' ? 'SUCCEEDED' : 'FAILED');
      }
    }),
    parameters(CASES),
  );
});

test('where the first failure ends the run, it comes to the same, and nothing told of a task is wrong', async () => {
  await fc.assert(
    fc.asyncProperty(randomGraph, async ({ graph: { tasks, ...graph }, runs }) => {
      // No rule and no tolerance but these may be in such a DAG.
      const plain = tasks.map(
        (task): GraphTask => ({
          ...task,
          triggerRule: 'all_success',
          map: task.map && { ...task.map, toleratedFailureCount: 0 },
        }),
      );
      const machine = machineOf({ ...graph, tasks: plain, failFast: true });
      for (const outcomes of runs) {
        const expected = expectedOf({ ...graph, tasks: plain }, outcomes, PARAMS);
        const run = await machine({ answer: answer(outcomes), params: PARAMS });
        const told = Object.entries(statusesOf(run) as object);
        for (const [id, status] of told) expect([id, status]).toEqual([id, expected.tasks[id]]);
        const isFailed = Object.values(expected.tasks).includes('failed');
        expect(run.status).toBe(isFailed ? 'FAILED' : 'SUCCEEDED');
        if (!isFailed) expect(told).toHaveLength(plain.length);
      }
    }),
    parameters(CASES / 8),
  );
});

test('in every random DAG a task runs once, after those that it waits for, and takes their outputs', async () => {
  await fc.assert(
    fc.asyncProperty(randomGraph, async ({ graph, runs }) => {
      const [outcomes = new Map()] = runs;
      const { tasks } = expectedOf(graph, outcomes, PARAMS);
      const { calls } = await machineOf(graph)({ answer: answer(outcomes), params: PARAMS });
      const once = new Set(calls.map(({ task }) => `${task.id}[${task.index ?? ''}]`));
      expect(once.size).toBe(calls.length);
      for (const task of graph.tasks) {
        const first = calls.findIndex((call) => call.task.id === task.id);
        if (first < 0) continue;
        const before = calls.findLastIndex((call) => task.upstream.includes(call.task.id));
        expect(before).toBeLessThan(first);
        if (task.upstream.every((id) => tasks[id] === 'success')) {
          expect(calls[first]?.input).toEqual(inputOf(task, { graph, outcomes }));
        }
      }
    }),
    { ...parameters(CASES), numRuns: cases({ daily: 50, deep: 150 }) },
  );
});

test('every random DAG compiles to states that are unique, each reachable, each task once', () => {
  fc.assert(
    fc.property(randomGraph, ({ graph, runs }) => {
      const parts = partsOf(compiled(graph) as unknown as Part);
      const names = parts.flatMap(({ States }) => Object.keys(States));
      expect(new Set(names).size).toBe(names.length);
      const ran = runs.flatMap((outcomes) => Object.entries(expectedOf(graph, outcomes, PARAMS).tasks));
      for (const [id, status] of ran) if (status === 'success' || status === 'failed') expect(names).toContain(id);
      for (const part of parts) expect(reachable(part)).toEqual(new Set(Object.keys(part.States)));
      // Engines differ in whether such an output goes with a rule that leads to the default.
      const states = parts.flatMap(({ States }) => Object.values(States));
      expect(states.filter((state) => 'Default' in state && 'Output' in state)).toEqual([]);
    }),
    { ...parameters(CASES), numRuns: cases({ daily: 50, deep: 150 }) },
  );
});

/** What a task must see: each output whole, and of a mapped task how many there are. */
function inputOf(
  { input }: GraphTask,
  { graph, outcomes }: Pick<RandomGraph, 'graph'> & { outcomes: Outcomes },
): unknown {
  const fields = Object.keys(input as object).map((id): [string, unknown] => {
    const task = graph.tasks.find((one) => one.id === id);
    if (task?.type === null) return [id, null];
    if (!task?.map) return [id, outcomes.get(id)?.output];
    const [, list] = (task.map.over as { $ref: string[] }).$ref;
    const size = { list: PARAMS.list.length, names: NAMES.length, none: 0 }[list ?? ''] ?? 0;
    const count = outcomes
      .get(id)
      ?.items.slice(0, size)
      .filter((ends) => ends === 'success').length;
    return [id, { $mapped: { task: id, count, items: size } }];
  });
  return Object.fromEntries(fields);
}

function reachable({ StartAt, States }: Part): Set<string> {
  const found = new Set([StartAt]);
  for (const name of found) for (const next of nextsOf(States[name] ?? { Type: '' })) found.add(next);
  return found;
}
