/** DAGs of any size, made as an author makes them. */
import * as z from 'zod';
import { taskType } from '../../lib/contract/task-type.ts';
import { Dag } from '../../lib/dag/index.ts';

const step = taskType('step', {
  input: z.object({ rows: z.int().optional() }),
  output: z.object({ rows: z.int() }),
});

/** The places of the tasks that the one at a place waits for. */
type Upstream = (index: number, count: number) => readonly number[];

export const SHAPES = {
  chain: (index) => [index - 1],
  'fan-out': (index, count) => (index < count - 1 ? [0] : Array.from({ length: count - 2 }, (_, middle) => middle + 1)),
  random: (index) => [2, 3].map((seed) => Math.floor(scattered(index * seed) * index)),
} satisfies Record<string, Upstream>;

/** Between 0 and 1, without pattern, the same every time. */
const scattered = (number: number): number => (Math.imul(number, 2654435761) >>> 0) / 2 ** 32;

/** Each task takes the first output that it waits for; after the others it comes in order. */
export function dagOf(upstreamOf: Upstream, count: number): Dag {
  const dag = new Dag('bench', { schedule: null, startDate: '2026-01-01' });
  const tasks = [dag.task('task_0', step({}))];
  for (let index = 1; index < count; index++) {
    const upstream = upstreamOf(index, count).flatMap((place) => tasks[place] ?? []);
    const input = { rows: upstream[0]?.output.rows };
    tasks.push(dag.task(`task_${index}`, step(input)).after(...upstream));
  }
  return dag;
}
