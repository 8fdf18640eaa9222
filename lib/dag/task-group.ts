/** What may be placed in a DAG or a group of it. */
import type { Ref } from '#lib/contract/ref.ts';
import type { Call, Kind } from '#lib/contract/task-type.ts';
import { Node } from './node.ts';
import type { MapOptions, OptionsOf, TaskOptions } from './options.ts';
import { eq, not, type Root, refTo } from './ref.ts';
import { Task } from './task.ts';

type Nodes = readonly Node[];
/** Every value of the reference has its case; those of a plain `string` cannot be listed, so it is refused. */
type Cases<V extends string> = string extends V ? never : { readonly [C in V]: Node | Nodes };

/** What a mapped task runs over: a list, or an object by its fields. */
type Items<T> = Ref<readonly T[]> | Ref<Readonly<Record<string, T>>>;
/** Where an item stands: its index from 0, and its field's name, which in a list is the index as text. */
interface Place {
  readonly index: Ref<number>;
  readonly key: Ref<string>;
}

/**
 * Tasks that belong together. It prefixes their ids, and stands for all of them in `before`, `after` and conditions:
 * those that begin it wait, and those that end it are waited for.
 */
export class TaskGroup extends Node {
  /** A task that carries a call out. */
  task<O, K extends Kind>(id: string, call: Call<O, K>, options?: OptionsOf<NoInfer<K>>): Task<O> {
    return this.#add(new Task<O>(this.#qualified(id), this, { call, options: options ?? {} }));
  }

  /** A task that does nothing but gather order (Airflow: EmptyOperator). */
  empty(id: string, options: Pick<TaskOptions, 'triggerRule'> = {}): Task<null> {
    return this.#add(new Task<null>(this.#qualified(id), this, { call: null, options }));
  }

  /**
   * The same task for every item of a list, or every field of an object. Its output is the list of theirs, in the
   * items' order; those that were skipped are left out. Items do not stop each other; the task fails if one of them
   * failed, and is skipped if all of them were.
   *
   * @example
   * dag.map('extract', list.output.names, (name, { index }) => extract({ name, index }));
   */
  // biome-ignore lint/complexity/useMaxParams: as Airflow's and as `task`, with the options last
  map<T, O>(
    id: string,
    over: Items<T>,
    each: (item: Ref<T>, place: Place) => Call<O, 'task'>,
    options: MapOptions = {},
  ): Task<O[]> {
    const [item, index, key]: [Root, Root, Root] = [{ id: '@item' }, { id: '@index' }, { id: '@key' }];
    const call = each(refTo<T>(item), { index: refTo(index), key: refTo(key) });
    const map = { over, item: [item, index, key] };
    return this.#add(new Task<O[]>(this.#qualified(id), this, { call, options, map }));
  }

  /** Tasks that belong together; their ids begin with the group's. */
  taskGroup(id: string): TaskGroup {
    return this.#add(new TaskGroup(this.#qualified(id), this));
  }

  /**
   * Runs the nodes where the condition holds, and skips them where not. A condition that reads a task which did not
   * succeed is not evaluated: trigger rules decide.
   */
  if(condition: Ref<boolean>, ...nodes: Nodes): { else(...nodes: Nodes): void } {
    for (const node of nodes) node.conditions.push(condition);
    return { else: (...others) => void this.if(not(condition), ...others) };
  }

  /** Runs the nodes of the case that `on` names, and skips those of the others. */
  switch<V extends string>(on: Ref<V>, cases: Cases<V>): void {
    for (const [value, nodes] of Object.entries<Node | Nodes>(cases)) this.if(eq(on, value as V), ...[nodes].flat());
  }

  #add<N extends Node>(node: N): N {
    this.children.push(node);
    return node;
  }

  #qualified(id: string): string {
    return this.parent ? `${this.id}.${id}` : id;
  }
}
