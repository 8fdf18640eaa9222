import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StateMachine } from '#lib/asl/index.ts';
import { usageOf, usagePerItem } from '#lib/asl/usage.ts';
import type { Graph, GraphTask } from '#lib/dag/index.ts';
import { compiled, execute, graphOf, RUN } from '../../worlds/machines.ts';

const map = (maxItems: number) => ({
  over: { $ref: ['@params', 'list'] },
  maxItems,
  maxConcurrency: 2,
  toleratedFailureCount: 0,
});

const timeoutSeconds = 600;
const waiting: Readonly<Record<string, Partial<GraphTask>>> = {
  sensor: { sensor: { pokeSeconds: 60, timeoutSeconds, softFail: false } },
  callback: { callback: { timeoutSeconds, heartbeatSeconds: null } },
};

/** Any order between up to ten tasks of any kind that the embedded AWS carries out, some of them mapped over the run's two items, some empty. */
const anyGraph = fc
  .array(
    fc.record({
      up: fc.array(fc.nat(), { maxLength: 3 }),
      kind: fc.constantFrom('task', 'sensor', 'callback', 'map', 'distributed', 'empty'),
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
        ...waiting[kind],
        map: kind === 'map' ? map(5) : kind === 'distributed' ? map(5000) : null,
        retries,
      })),
    ),
  );
const PARAMETERS = { seed: 20261120, numRuns: 60 };
const items = () => RUN.params.list.length;

/** What an execution on the interpreter took. */
async function taken(graph: Graph, answer: () => unknown) {
  const { events, childEvents } = await execute(graph, { answer });
  const all = [...events, ...childEvents()];
  const retries = all.filter(({ type }) => type === 'TaskScheduled').length - entered(all, 'Task');
  return { transitions: entered(all, '') + retries, events: events.length };
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
  const machine = compiled(graphOf([{ id: 'a', map: map(9) }, { id: 'b', map: map(9) }, { id: 'c' }]));
  const of = (items: number) => usageOf(machine, { items: () => items, failing: false });
  const { transitions, events } = usagePerItem(machine, 'a');
  expect(of(5).transitions).toBe(of(0).transitions + 2 * 5 * transitions);
  expect(of(5).events).toBe(of(0).events + 2 * 5 * events);
});

test('an item of a distributed map is billed as any other, and leaves nothing in the history', () => {
  const usage = (maxItems: number) => usagePerItem(compiled(graphOf([{ id: 'a', map: map(maxItems) }])), 'a');
  expect(usage(5)).toEqual({ transitions: 2, events: 9 });
  expect(usage(5000)).toEqual({ transitions: 2, events: 0 });
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
