/** Pipelines that trigger each other. */
import { AppError } from '#lib/constructs/errors.ts';
import type { Graph } from '#lib/dag/index.ts';

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
