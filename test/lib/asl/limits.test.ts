import { expect, test } from 'vitest';
import { eventsIn } from '#lib/asl/limits.ts';
import { compiled, execute, graphOf } from '../../worlds/machines.ts';

const map = (id: string, maxItems: number, retries = 0) => ({
  id,
  retries,
  map: { over: { $ref: ['@params', 'list'] }, maxItems, maxConcurrency: 10, toleratedFailureCount: 0 },
});

const sensor = { pokeSeconds: 1, timeoutSeconds: 9000, softFail: false };

test('a history that could grow too long is refused, naming the task that grows it most', () => {
  expect(() => compiled(graphOf([map('many', 900, 20), { id: 'waits', sensor }, { id: 'one' }]))).toThrow(
    'waits: a run can reach 28',
  );
  expect(() => compiled(graphOf([{ id: 'waits', sensor }]))).toThrow(
    '27008 of them by this task: let it look less often, or for a shorter time',
  );
});

test('more items than there is room for their statuses are refused', () => {
  expect(() => compiled(graphOf([map('many', 26_214)]))).not.toThrow();
  expect(() => compiled(graphOf([map('many', 26_215)]))).toThrow(
    "many: the statuses of 26215 items do not fit the 262144 bytes of a state's result: lower its maxItems to 26214",
  );
});

test('1,000 items with 3 retries fit', () => {
  expect(() => compiled(graphOf([map('many', 1000, 3), { id: 'load', upstream: ['many'], retries: 3 }]))).not.toThrow();
});

test('the events that are proved are at least those that the worst run leaves', async () => {
  const graph = graphOf([map('a', 2, 2), { id: 'b', retries: 1 }, { id: 'c', type: null, upstream: ['a', 'b'] }]);
  const { events } = await execute(graph, {
    answer: () => {
      throw { error: 'Sluice.Transient', cause: '{}' };
    },
  });
  const proved = [...eventsIn(compiled(graph), graph.tasks).values()].reduce((sum, one) => sum + one, 0);
  // Both count begin. Proved are besides: begin's three retries, the state 'Already run', and the one of the final
  // states that is not reached. Left are besides: the execution's start and end.
  expect(events.length - 2).toBe(proved - 3 * 3 - 2 - 2);
});

test('a state name longer than 80 characters is refused with the name', () => {
  const id = 'x'.repeat(80);
  expect(() => compiled(graphOf([{ id }]))).not.toThrow();
  expect(() => compiled(graphOf([map(id, 1)]))).toThrow(
    `the state 'Item of ${id}' has 88 characters of 80: shorten the task's id`,
  );
});

test('a definition of more than 1 MiB and statuses of more than a cause are refused', () => {
  const tasks = Array.from({ length: 1000 }, (_, index) => ({
    id: `${'x'.repeat(70)}_${index}`,
    upstream: index > 0 ? [`${'x'.repeat(70)}_${index - 1}`] : [],
  }));
  expect(() => compiled(graphOf(tasks))).toThrow(
    /bytes of 1048576: split the DAG\n {2}- the tasks' statuses have \d+ characters of 32768: split the DAG/,
  );
});
