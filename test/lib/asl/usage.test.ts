import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StateMachine } from '#lib/asl/index.ts';
import { usageOf, usagePerItem } from '#lib/asl/usage.ts';
import type { Graph } from '#lib/dag/index.ts';
import { compiled, execute, graphOf, RUN } from './machines.ts';

/** Any order between up to ten tasks, some of them mapped over the run's two items, some empty. */
const anyGraph = fc
  .array(
    fc.record({
      up: fc.array(fc.nat(), { maxLength: 3 }),
      kind: fc.constantFrom('task', 'map', 'empty'),
      retries: fc.nat(2),
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map((tasks) =>
    graphOf(
      tasks.map(({ up, kind, retries }, index) => ({
        id: `t${index}`,
        type: kind === 'empty' ? null : 'probe',
        upstream: index === 0 ? [] : [...new Set(up.map((number) => `t${number % index}`))],
        map: kind === 'map' ? { over: { $ref: ['@params', 'list'] }, maxItems: 5, maxConcurrency: 2 } : null,
        retries,
      })),
    ),
  );
const PARAMETERS = { seed: 20261120, numRuns: 60 };
const items = () => RUN.params.list.length;

/** What an execution on the interpreter took. */
async function taken(graph: Graph, answer: () => unknown) {
  const { events } = await execute(graph, { answer });
  const retries = events.filter(({ type }) => type === 'TaskScheduled').length - entered(events, 'Task');
  return { transitions: entered(events, '') + retries, events: events.length };
}

const entered = (events: { type: string }[], kind: string): number =>
  events.filter(({ type }) => type.endsWith(`${kind}StateEntered`)).length;

const fail = (error: string) => () => {
  throw { error, cause: '{}' };
};

test('a run of any DAG in which nothing fails takes exactly what is said', async () => {
  await fc.assert(
    fc.asyncProperty(anyGraph, async (graph) => {
      const said = usageOf(compiled(graph), { items, failing: false });
      expect(await taken(graph, () => ({}))).toEqual(said);
    }),
    PARAMETERS,
  );
});

test('a run in which every attempt fails takes no more than what is said', async () => {
  await fc.assert(
    fc.asyncProperty(anyGraph, async (graph) => {
      const said = usageOf(compiled(graph), { items, failing: true });
      const { transitions, events } = await taken(graph, fail('Sluice.Transient'));
      expect(transitions).toBeLessThanOrEqual(said.transitions);
      expect(events).toBeLessThanOrEqual(said.events);
    }),
    PARAMETERS,
  );
});

test('a task that uses all its retries in the worst run takes a transition and three events for each', async () => {
  const graph = graphOf([{ id: 'a', retries: 4 }]);
  const once = usageOf(compiled(graph), { items: () => 0, failing: false });
  const worst = usageOf(compiled(graph), { items: () => 0, failing: true });
  // Begin has three retries of its own.
  expect(worst).toEqual({ transitions: once.transitions + 4 + 3, events: once.events + 3 * (4 + 3) });
  expect((await taken(graph, fail('Sluice.Transient'))).transitions).toBe(worst.transitions - 3);
});

test('an item of a mapped task is told apart from the rest of the run', () => {
  const map = { over: { $ref: ['@params', 'list'] }, maxItems: 9, maxConcurrency: 1 };
  const machine = compiled(graphOf([{ id: 'a', map }, { id: 'b', map }, { id: 'c' }]));
  const of = (items: number) => usageOf(machine, { items: () => items, failing: false });
  const { transitions, events } = usagePerItem(machine, 'a');
  expect(of(5).transitions).toBe(of(0).transitions + 2 * 5 * transitions);
  expect(of(5).events).toBe(of(0).events + 2 * 5 * events);
});

test('a task that waits for an answer is submitted besides, at each try', () => {
  const task = (resource: string) =>
    ({
      StartAt: 'a',
      States: { a: { Type: 'Task', Resource: resource, Retry: [{ ErrorEquals: ['x'], MaxAttempts: 2 }], End: true } },
    }) as unknown as StateMachine;
  const eventsOf = (resource: string) => usageOf(task(resource), { items: () => 0, failing: true }).events;
  const lambda = 'arn:aws:states:::lambda:invoke';
  expect(eventsOf(`${lambda}.waitForTaskToken`)).toBe(eventsOf(lambda) + 3);
});
