/** Which mapped tasks run as distributed Maps, and which lists those read from the ledger. */
import { type ListPointer, listPointer } from '#lib/contract/listed.ts';
import type { Graph, GraphTask } from '#lib/dag/index.ts';
import { pathsOf, referencesOf } from './jsonata.ts';

/** A list that travels through the machine has 64 KiB: of so many items, 65 bytes for each. */
const INLINE_ITEMS = 1000;

/** The mapped tasks whose lists may be too long to travel through the machine. */
export const longMaps = ({ tasks }: Graph): ReadonlySet<string> =>
  new Set(tasks.filter(({ map }) => map && map.maxItems > INLINE_ITEMS).map(({ id }) => id));

/** Whether a mapped task's items carry their keys, since it asks for them. */
export const isKeyed = ({ input }: GraphTask): boolean => referencesOf(input).includes('@key');

/** A list in the output of a task. */
export interface TaskList {
  readonly task: string;
  /** The fields that lead to it. */
  readonly path: readonly string[];
}

export class Distribution {
  readonly #distributed: ReadonlySet<string>;
  /** By the mapped task. */
  readonly #lists = new Map<string, TaskList>();

  /** @param distributed ids of the mapped tasks that run as distributed Maps */
  constructor({ tasks }: Graph, distributed: ReadonlySet<string>) {
    this.#distributed = distributed;
    const inLedger = new Set(tasks.filter(isInLedger).map(({ id }) => id));
    const readers = new Set(tasks.filter((task) => distributed.has(task.id) && !isKeyed(task)));
    const taken = tasks.flatMap((task) => [
      ...pathsOf([task.input, task.when]).map((path) => ({ path, isOver: false })),
      ...pathsOf(task.map?.over).map((path) => ({ path, isOver: readers.has(task) })),
    ]);
    for (const { id, map } of readers) {
      const [over] = pathsOf(map?.over);
      if (over === undefined || !isReference(map?.over) || !inLedger.has(over[0])) continue;
      // Whoever else takes the list, whole or in part, needs it to travel.
      const isAlone = taken.every(
        ({ path, isOver }) => !overlap(path, over) || (isOver && path.length === over.length),
      );
      const [task, ...path] = over;
      if (isAlone) this.#lists.set(id, { task, path });
    }
  }

  isDistributed = ({ id }: GraphTask): boolean => this.#distributed.has(id);

  /** The list that a mapped task reads from the ledger. */
  listOf = ({ id }: GraphTask): TaskList | undefined => this.#lists.get(id);

  /** Those lists of a task's output that mapped tasks read from the ledger. */
  listedOf({ id }: GraphTask): ListPointer[] {
    const lists = [...this.#lists.values()].filter(({ task }) => task === id);
    return [...new Set(lists.map(({ path }) => listPointer(path)))];
  }
}

/** A Lambda's output is in the ledger under its own key; the answer to a callback task is not, nor what a job gives. */
const isInLedger = ({ type, map, callback, job }: GraphTask): boolean => type !== null && !map && !callback && !job;

const isReference = (value: unknown): boolean => typeof value === 'object' && value !== null && '$ref' in value;

/** Whether one path is the other, or leads to a place inside of it. */
const overlap = (one: readonly string[], other: readonly string[]): boolean => {
  const length = Math.min(one.length, other.length);
  return one.slice(0, length).every((field, at) => field === other[at]);
};
