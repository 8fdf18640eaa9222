/**
 * Ways past tasks that do not run. Where the same is known of what the tasks from a place on wait for, the way from
 * there is the same: it is found once, so that n tasks that may fail do not take n² steps.
 */
import { type Idle, idleIn, type Place, recordedOf } from './place.ts';
import type { Numbered, Possible } from './possible.ts';
import { type Recorded, recorded } from './way.ts';

interface IdleWay {
  /** The index of the place at which something may run, or one past the last. */
  readonly at: number;
  /** What becomes of the tasks before it. */
  readonly statuses: Recorded;
  /** What is known there, of those tasks. */
  readonly known: Possible;
}

/** Of more tasks than this, what is known is not compared. */
const COMPARED = 8;

export class IdleWays {
  readonly #places: readonly Place[];
  /** For each place, the tasks before it for which those from it on wait. */
  readonly #waitedFor: readonly (readonly number[] | undefined)[];
  readonly #tasks: Numbered;
  readonly #found = new Map<string, IdleWay>();

  constructor(places: readonly Place[], tasks: Numbered) {
    this.#places = places;
    this.#tasks = tasks;
    const waitedFor = new Set<number>();
    this.#waitedFor = places
      .toReversed()
      .map((place) => {
        for (const task of place.tasks) for (const at of readsOf(tasks.of(task))) waitedFor.add(at);
        for (const task of place.tasks) waitedFor.delete(tasks.of(task).number);
        return waitedFor.size > COMPARED ? undefined : [...waitedFor];
      })
      .reverse();
  }

  /** Goes on from a place while nothing runs, and notes in `known` what becomes of the tasks. */
  from(start: number, known: Possible): IdleWay {
    const passed: { readonly key: string | undefined; readonly idle: Idle }[] = [];
    let at = start;
    let found = this.#look(at, known);
    while (!found && at < this.#places.length) {
      const idle = idleIn((this.#places[at] as Place).tasks, known);
      passed.push({ key: this.#key(at, known), idle: idle ?? [] });
      if (!idle) break;
      at++;
      found = this.#look(at, known);
    }
    if (found) known.takeRange(found.known, this.#number(at), this.#number(found.at));
    let way: IdleWay = found ?? { at, statuses: [], known };
    for (const { key, idle } of passed.toReversed()) {
      const statuses = recordedOf(idle, known).reduceRight(prepended, way.statuses);
      way = { at: way.at, statuses, known };
      if (key !== undefined) this.#found.set(key, way);
    }
    return way;
  }

  #look(at: number, known: Possible): IdleWay | undefined {
    const key = this.#key(at, known);
    return key === undefined ? undefined : this.#found.get(key);
  }

  #key(at: number, known: Possible): string | undefined {
    const waitedFor = this.#waitedFor[at];
    return waitedFor && `${at} ${known.key(waitedFor)}`;
  }

  /** The first task of a place; of one past the last, the one after all. */
  #number(at: number): number {
    const [task] = this.#places[at]?.tasks ?? [];
    if (task) return this.#tasks.of(task).number;
    const last = this.#places.at(-1)?.tasks.at(-1);
    return last ? this.#tasks.of(last).number + 1 : 0;
  }
}

const readsOf = ({ upstream, conditions }: ReturnType<Numbered['of']>): number[] => [...upstream, ...conditions.flat()];

const prepended = (behind: Recorded, { from, to, status }: Recorded[number]): Recorded =>
  from === to ? recorded(from, status, behind) : [{ from, to, status }, ...behind];
