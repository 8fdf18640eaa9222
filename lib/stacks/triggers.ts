/** Pipelines that trigger each other. */
import * as z from 'zod';
import { AppError } from '#lib/constructs/errors.ts';
import type { Graph } from '#lib/dag/index.ts';
import type { Pipeline } from '#lib/pipelines/index.ts';

/**
 * Refuses pipelines that would wait for each other, or for themselves, until their time is up.
 * @throws AppError that tells the circle
 */
export function refuseCircles(graphs: readonly Graph[]): void {
  const triggered = new Map(graphs.map((graph) => [graph.id, triggers(graph)]));
  const follow = (id: string, way: readonly string[]): void => {
    if (way.includes(id)) {
      const circle = [...way.slice(way.indexOf(id)), id].join(' → ');
      throw new AppError(`Pipelines trigger each other and would wait for good: ${circle}. Take one of these away.`);
    }
    for (const next of triggered.get(id) ?? []) follow(next, [...way, id]);
  };
  for (const id of triggered.keys()) follow(id, []);
}

const triggers = ({ tasks }: Graph): string[] =>
  tasks.flatMap(({ grants }) =>
    grants.flatMap(({ access, to }) => ('pipeline' in to && access === 'use' ? [to.pipeline] : [])),
  );

const trigger = z.object({
  pipeline: z.object({ pipeline: z.string() }),
  params: z.record(z.string(), z.unknown()).default({}),
});

/**
 * Refuses params that a triggered pipeline does not have, or that do not fit there, as far as the DAG writes them out.
 * @throws AppError that lists each with its task
 */
export function refuseParams(pipelines: Readonly<Record<string, Pipeline>>): void {
  const wrong = Object.values(pipelines).flatMap(({ dag }) =>
    dag.graph().tasks.flatMap(({ id, input }) => {
      const { pipeline, params } = trigger.safeParse(input).data ?? {};
      if (!pipeline || !params) return [];
      const schema: z.ZodObject = pipelines[pipeline.pipeline]?.dag.options.params ?? z.object({});
      return problemsOf(schema, params).map((problem) => `${dag.id}: ${id}: ${pipeline.pipeline}: ${problem}`);
    }),
  );
  if (wrong.length > 0) throw new AppError(wrong.join('\n'));
}

function problemsOf({ shape }: z.ZodObject, params: Readonly<Record<string, unknown>>): string[] {
  const known = Object.keys(shape).join(', ') || 'none';
  return Object.entries(params).flatMap(([name, value]) => {
    const param = shape[name];
    if (!param) return [`no param '${name}' (params: ${known})`];
    // Params are no objects: what is one stands for a value that the run knows.
    if (typeof value === 'object') return [];
    return (z.safeParse(param, value).error?.issues ?? []).map(({ message }) => `param '${name}': ${message}`);
  });
}
