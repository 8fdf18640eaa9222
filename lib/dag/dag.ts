/** The authoring API: `new Dag(id, options)`, then tasks, groups and conditions, and the order between them. */
import * as z from 'zod';
import type { Run } from '#lib/contract/envelope.ts';
import type { Facts, PipelineFacts } from '#lib/contract/facts.ts';
import type { Ref } from '#lib/contract/ref.ts';
import { pipelineFacts } from './checks.ts';
import { tasksIn } from './edges.ts';
import { type Graph, graphOf } from './graph.ts';
import { within } from './node.ts';
import type { DagOptions } from './options.ts';
import { type Root, refTo } from './ref.ts';
import { TaskGroup } from './task-group.ts';

type NoParams = z.ZodObject<Record<never, never>>;

/**
 * Tasks and the order between them. A task waits for those whose outputs it takes; `.before` and `.after` add order
 * without data. It runs when all that it waits for succeeded, or as its trigger rule says.
 *
 * @example
 * const dag = new Dag('report', { schedule: '@daily', startDate: '2026-01-01', defaults: { retries: 2 } });
 * const list = dag.task('list', githubRepositories({ connection, org: 'astronomer' }));
 * const issues = dag.map('issues', list.output.names, (repository) =>
 *   githubToS3({ connection, org: 'astronomer', object: 'issues', repository, to }),
 * );
 * dag.task('load', s3ToWarehouse({ connection: warehouse, from: issues.output, table, mode: 'rebuild' }));
 */
export class Dag<P extends z.ZodObject = NoParams> extends TaskGroup {
  readonly options: DagOptions<P>;
  readonly roots: readonly Root[] = [{ id: '@run' }, { id: '@params' }];
  /** The run: its logical date, data interval and id; `date` is the day of its logical date in UTC, `2026-11-19`. */
  readonly run: Ref<Omit<Run, 'params' | 'kept' | 'items'> & { readonly date: string }> = refTo(this.roots[0] as Root);
  /** What the run was started with, or its defaults. */
  readonly params: Ref<z.output<P>> = refTo(this.roots[1] as Root);

  constructor(id: string, options: DagOptions<P>) {
    super(id);
    this.options = options;
  }

  /** What checks of other pipelines' tasks may ask of it. */
  facts(): PipelineFacts {
    return pipelineFacts(this, z.object({}));
  }

  /** What each of its tasks gives; of a mapped one, what an item does. A task that does nothing gives nothing. */
  outputs(): ReadonlyMap<string, z.ZodType> {
    return new Map(
      tasksIn(this).flatMap(({ id, placed: { call } }) => (call ? [[id, call.type.output] as const] : [])),
    );
  }

  /** The tasks, and the groups by their conditions, that read what a task gives. */
  readersOf(taskId: string): string[] {
    return within(this).flatMap((node) => (node.reads().some(({ id }) => id === taskId) ? [node.id] : []));
  }

  /**
   * The DAG as plain data, for the compiler.
   * @param beside what its tasks are held against; without it, the DAG is held against itself alone
   * @throws DagError that lists every problem
   */
  graph(beside?: Omit<Facts, 'pipeline'>): Graph {
    return graphOf(this, beside && { ...beside, pipeline: this.facts() });
  }
}
