/** What tasks say of other pipelines, held against those that there are. */
import * as z from 'zod';
import { AppError } from '#lib/constructs/errors.ts';
import type { Graph } from '#lib/dag/index.ts';
import type { Pipeline } from '#lib/pipelines/index.ts';

/**
 * @throws AppError for tasks that name a pipeline which is none of the app's, for pipelines that trigger each other in a
 *   circle, and for params that a triggered pipeline does not take
 */
export function checkOtherPipelines(graphs: readonly Graph[], pipelines: Readonly<Record<string, Pipeline>>): void {
  refuseStrangers(graphs);
  refuseCircles(graphs);
  refuseParams(pipelines);
}

function refuseStrangers(graphs: readonly Graph[]): void {
  const known = graphs.map(({ id }) => id);
  const strangers = graphs.flatMap((graph) =>
    graph.tasks.flatMap(({ id, grants }) =>
      grants.flatMap(({ to }) =>
        'pipeline' in to && !known.includes(to.pipeline)
          ? [`${graph.id}: ${id}: '${to.pipeline}' is no pipeline of the app`]
          : [],
      ),
    ),
  );
  if (strangers.length > 0) throw new AppError([...strangers, `It has: ${known.join(', ')}.`].join('\n'));
}

/** They would wait for each other, or for themselves, until their time is up. */
function refuseCircles(graphs: readonly Graph[]): void {
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

/** As far as the DAG writes the params out. */
function refuseParams(pipelines: Readonly<Record<string, Pipeline>>): void {
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
