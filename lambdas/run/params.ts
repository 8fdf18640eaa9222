import * as z from 'zod';
import type { BeginEvent } from '#lib/contract/begin-event.ts';
import { Terminal } from '#lib/contract/errors.ts';
import { problems } from '#lib/contract/problems.ts';

/**
 * What begin is told, with the params that the run was first carried out with under those that it is given now.
 * @param before what it had, if it had any: of that, what the DAG still takes
 */
export function withEarlierParams(event: BeginEvent, before: Readonly<Record<string, unknown>> = {}): BeginEvent {
  const { input, pipeline } = event;
  const known = pipeline.params === undefined ? before : (JSON.parse(pipeline.params).properties ?? {});
  const still = Object.entries(before).filter(([name]) => name in known);
  return { ...event, input: { ...input, params: { ...Object.fromEntries(still), ...input.params } } };
}

/**
 * The params of an execution, whoever started it, as the DAG declares them: with the defaults of those that are left
 * out, at any depth.
 * @throws Terminal naming each param that the DAG does not have or that does not fit
 */
export function readParams({ input: { params = {} }, pipeline }: Pick<BeginEvent, 'input' | 'pipeline'>) {
  // A pipeline that was deployed before machines told this.
  if (pipeline.params === undefined) return params;
  const schema = JSON.parse(pipeline.params);
  const parsed = z.fromJSONSchema(schema).safeParse(params);
  if (parsed.success) return z.record(z.string(), z.unknown()).parse(parsed.data);
  const known = Object.keys(schema.properties ?? {}).join(', ') || 'none';
  throw new Terminal(
    `Beginning a run of ${pipeline.dagId}: params: ${problems(parsed.error)} (params of ${pipeline.dagId}: ${known}). ` +
      'Start it with params that fit.',
  );
}
