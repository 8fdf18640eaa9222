/** The authoring API: `new Dag(id, options)`, then tasks and the order between them. */
import type * as z from 'zod';
import type { Run } from '#lib/contract/envelope.ts';
import type { Ref } from '#lib/contract/ref.ts';
import type { Call } from '#lib/contract/task-type.ts';
import { type Graph, graphOf } from './graph.ts';
import type { DagOptions, MapOptions, TaskOptions } from './options.ts';
import { type Root, refTo } from './ref.ts';
import { Task } from './task.ts';

type NoParams = z.ZodObject<Record<never, never>>;

/**
 * Tasks and the order between them. A task waits for those whose outputs it takes; `.before` and `.after` add order
 * without data. It runs when all that it waits for succeeded.
 *
 * @example
 * const dag = new Dag('report', { schedule: '@daily', startDate: '2026-01-01', defaults: { retries: 2 } });
 * const list = dag.task('list', githubRepositories({ connection, org: 'astronomer' }));
 * const issues = dag.map('issues', list.output.names, (repository) =>
 *   githubToS3({ connection, org: 'astronomer', object: 'issues', repository, to }),
 * );
 * dag.task('load', s3ToRedshift({ connection: warehouse, from: issues.output, table, mode: 'rebuild' }));
 */
export class Dag<P extends z.ZodObject = NoParams> {
  readonly id: string;
  readonly options: DagOptions<P>;
  readonly tasks: Task[] = [];
  readonly roots: readonly Root[] = [{ id: '@run' }, { id: '@params' }];
  /** The run: its logical date, data interval and id. */
  readonly run: Ref<Omit<Run, 'params'>> = refTo(this.roots[0] as Root);
  /** What the run was started with, or its defaults. */
  readonly params: Ref<z.output<P>> = refTo(this.roots[1] as Root);

  constructor(id: string, options: DagOptions<P>) {
    this.id = id;
    this.options = options;
  }

  task<O>(id: string, call: Call<O>, options: TaskOptions = {}): Task<O> {
    return this.#add(new Task<O>(id, { call, options }));
  }

  /** A task that does nothing but gather order (Airflow: EmptyOperator). */
  empty(id: string): Task<null> {
    return this.#add(new Task<null>(id, { call: null, options: {} }));
  }

  /**
   * The same task for every item of a list. Its output is the list of theirs, in the items' order.
   * Items do not stop each other; the task fails if one of them failed.
   */
  // biome-ignore lint/complexity/useMaxParams: as Airflow's and as `task`, with the options last
  map<T, O>(id: string, over: Ref<readonly T[]>, each: (item: Ref<T>) => Call<O>, options: MapOptions = {}): Task<O[]> {
    const item: Root = { id: '@item' };
    return this.#add(new Task<O[]>(id, { call: each(refTo<T>(item)), options, map: { over, item } }));
  }

  /**
   * The DAG as plain data, for the compiler.
   * @throws DagError that lists every problem.
   */
  graph(): Graph {
    return graphOf(this);
  }

  #add<O>(task: Task<O>): Task<O> {
    this.tasks.push(task);
    return task;
  }
}
