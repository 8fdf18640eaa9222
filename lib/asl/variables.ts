/**
 * Which outputs somebody takes, and the variables that hold them. A variable belongs to the branch that assigns it,
 * and no variable outside of that branch may have its name, so an output that leaves a branch gets another one there.
 */
import type { Graph, GraphTask } from '#lib/dag/index.ts';
import { literal, type Read, referencesOf } from './jsonata.ts';

/** The variable of each task whose output can be read at a place. */
export type Readable = Map<string, string>;

const ROOTS: Readonly<Record<string, string>> = {
  '@run': '$run',
  '@params': '$run.params',
};

/** What stands for the output of a task that can never run: a value that is missing. */
const NOTHING = '$lookup({}, "")';

export class Variables {
  readonly #consumers = new Map<string, Set<string>>();
  readonly #mapped: ReadonlySet<string>;
  readonly #empty: ReadonlySet<string>;
  readonly #taken = new Set<string>();

  constructor({ tasks }: Graph) {
    this.#mapped = new Set(tasks.filter(({ map }) => map).map(({ id }) => id));
    this.#empty = new Set(tasks.filter(({ type }) => type === null).map(({ id }) => id));
    for (const { id, input, map, when } of tasks) {
      for (const root of referencesOf([input, map?.over, when])) {
        this.#consumers.set(root, (this.#consumers.get(root) ?? new Set()).add(id));
      }
    }
  }

  isTaken(task: GraphTask): boolean {
    return this.#consumers.has(task.id);
  }

  /** Those of the tasks whose output a task takes that is not among them. */
  leaving(tasks: readonly GraphTask[]): GraphTask[] {
    const ids = new Set(tasks.map(({ id }) => id));
    return tasks.filter(
      ({ id, type }) => type !== null && [...(this.#consumers.get(id) ?? [])].some((consumer) => !ids.has(consumer)),
    );
  }

  /** Names a variable that nothing else has, after the task: at most 80 characters, without the `$`. */
  assign(task: GraphTask, readable: Readable): string {
    const base = `o_${task.id.replace(/\W/g, '_').slice(0, 70)}`;
    let name = base;
    for (let n = 2; this.#taken.has(name); n++) name = `${base}_${n}`;
    this.#taken.add(name);
    readable.set(task.id, name);
    return name;
  }

  /** What stands for a root at a place. A mapped task's variable holds how many there are; its outputs lie in the ledger. */
  reader(readable: Readable): Read {
    return (root) => {
      if (this.#empty.has(root)) return 'null';
      const variable = ROOTS[root] ?? (readable.has(root) ? `$${readable.get(root)}` : NOTHING);
      if (!this.#mapped.has(root)) return variable;
      return `($exists(${variable}.count) ? {"$mapped": $merge([{"task": ${literal(root)}}, ${variable}])})`;
    };
  }
}
