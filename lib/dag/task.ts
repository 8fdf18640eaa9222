import type { Ref } from '#lib/contract/ref.ts';
import type { Call } from '#lib/contract/task-type.ts';
import { Node } from './node.ts';
import type { AnyOptions } from './options.ts';
import { type Root, refTo, rootsOf } from './ref.ts';

/** What a task does, and with what options. */
interface Placed {
  /** Null for a task that only gathers order. */
  readonly call: Call<unknown> | null;
  readonly options: AnyOptions;
  /** What a mapped task runs over, and what stands for an item, its index and its key. */
  readonly map?: { readonly over: Ref<unknown>; readonly item: readonly Root[] };
}

/** A task placed in a DAG. Passing its `output`, or a field of it, to another task makes that one wait for it. */
export class Task<O = unknown> extends Node implements Root {
  readonly output: Ref<O> = refTo<O>(this);
  readonly placed: Placed;

  constructor(id: string, parent: Node, placed: Placed) {
    super(id, parent);
    this.placed = placed;
  }

  override reads(): readonly Root[] {
    return [...super.reads(), ...rootsOf([this.placed.call?.input, this.placed.map?.over])];
  }
}
