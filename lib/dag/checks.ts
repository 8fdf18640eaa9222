/** Tasks against what there is beside their DAG: files, tables, other pipelines, and what their types check themselves. */
import type * as z from 'zod';
import type { Facts, PipelineFacts } from '#lib/contract/facts.ts';
import { filesOf, grantsOf } from '#lib/contract/fields.ts';
import type { WrittenFields } from '#lib/contract/ref.ts';
import type { Call } from '#lib/contract/task-type.ts';
import { cronOf } from '#lib/time/cron.ts';
import { tasksIn } from './edges.ts';
import type { Node } from './node.ts';
import { type DagOptions, DEFAULTS } from './options.ts';
import { plain } from './ref.ts';

export interface Described extends Node {
  readonly options: DagOptions<z.ZodObject>;
}

/** The DAG as checks of other pipelines' tasks see it. */
export function pipelineFacts(dag: Described, noParams: z.ZodObject): PipelineFacts {
  const { schedule, timeZone = DEFAULTS.dag.timeZone, startDate, endDate, params = noParams } = dag.options;
  const grants = tasksIn(dag).flatMap(({ placed: { call } }) => (call ? grantsOf(call) : []));
  return {
    id: dag.id,
    schedule: schedule === null ? null : cronOf(schedule),
    timeZone,
    startDate,
    ...(endDate !== undefined && { endDate }),
    params,
    starts: grants.flatMap(({ access, to }) => ('pipeline' in to && access === 'use' ? [to.pipeline] : [])),
  };
}

/** What is wrong with a call in which nothing else is: a sentence a problem. */
export function checkCall(call: Call<unknown>, facts: Facts): readonly string[] {
  const problems = [...wrongFiles(call, facts), ...strangers(call, facts)];
  if (problems.length > 0) return problems;
  return call.type.check?.(plain(call.input) as WrittenFields<Record<string, unknown>>, facts) ?? [];
}

const wrongFiles = (call: Call<unknown>, { read }: Facts): string[] =>
  filesOf(call).flatMap((file) => {
    if (typeof file !== 'string') return [];
    if (file.split('/').includes('..')) return [`${file} leads up with '..': give its path from the project's root`];
    try {
      read(file);
      return [];
    } catch (error) {
      return [`${file} cannot be read: ${(error as Error).message}`];
    }
  });

function strangers(call: Call<unknown>, { pipelines }: Facts): string[] {
  const known = pipelines.map(({ id }) => id);
  return grantsOf(call).flatMap(({ to }) =>
    'pipeline' in to && !known.includes(to.pipeline)
      ? [`'${to.pipeline}' is no pipeline of the app, which has: ${known.join(', ')}`]
      : [],
  );
}
