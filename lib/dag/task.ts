import type { Ref } from '#lib/contract/ref.ts';
import type { Call } from '#lib/contract/task-type.ts';
import type { MapOptions } from './options.ts';
import { type Root, refTo, rootsOf } from './ref.ts';

/** What a task does, and with what options. */
interface Placed {
  /** Null for a task that only gathers order. */
  readonly call: Call<unknown> | null;
  readonly options: MapOptions;
  /** The list that a mapped task runs over, and what stands for its item. */
  readonly map?: { readonly over: Ref<readonly unknown[]>; readonly item: Root };
}

/** A task placed in a DAG. Passing its `output`, or a field of it, to another task makes that one wait for it. */
export class Task<O = unknown> implements Root {
  readonly id: string;
  readonly output: Ref<O> = refTo<O>(this);
  readonly placed: Placed;
  readonly #order = new Set<Task>();

  constructor(id: string, placed: Placed) {
    this.id = id;
    this.placed = placed;
  }

  /** Order without data: this waits for the tasks. */
  after(...tasks: readonly Task[]): this {
    for (const task of tasks) this.#order.add(task);
    return this;
  }

  /** Order without data: the tasks wait for this. */
  before(...tasks: readonly Task[]): this {
    for (const task of tasks) task.after(this);
    return this;
  }

  /** What this reads from, as authored. */
  reads(): readonly Root[] {
    return rootsOf([this.placed.call?.input, this.placed.map?.over]);
  }

  /** What this waits for: by order, or by the data that it takes. */
  waitsFor(): Set<Task> {
    return new Set([...this.#order, ...this.reads().filter((root) => root instanceof Task)]);
  }
}
