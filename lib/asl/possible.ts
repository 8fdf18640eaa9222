/**
 * What is known, at one place of the machine, of the tasks' statuses: of each the set of those that it can have. It
 * decides where no Choice is needed.
 */

import type { TaskStatus } from '#lib/contract/task-status.ts';
import type { GraphTask, TriggerRule } from '#lib/dag/index.ts';
import { referencesOf } from './jsonata.ts';
import { RULES, type Test } from './trigger-rules.ts';

/** A set of statuses: one bit each. */
type Statuses = number;
const BIT: Readonly<Record<TaskStatus, Statuses>> = { success: 1, failed: 2, skipped: 4, upstream_failed: 8 };
const ALL = Object.keys(BIT) as TaskStatus[];
const setOf = (statuses: readonly TaskStatus[]): Statuses => statuses.reduce((set, status) => set | BIT[status], 0);
const listOf = (set: Statuses): TaskStatus[] => ALL.filter((status) => set & BIT[status]);

/** What a trigger rule and conditions make of a task: it runs, or gets a status without running. */
export type Decision = 'run' | 'upstream_failed' | 'skipped';
/** In the order in which a Choice asks for them. */
const DECISIONS: readonly Decision[] = ['run', 'upstream_failed', 'skipped'];

/** A task by number, as are those that it waits for, and those that each of its conditions reads. */
interface NumberedTask {
  readonly number: number;
  readonly upstream: readonly number[];
  readonly conditions: readonly (readonly number[])[];
}

/** The tasks of a graph by number: their place in the order in which the machine comes to them. */
export class Numbered {
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #tasks: ReadonlyMap<GraphTask, NumberedTask>;

  constructor(tasks: readonly GraphTask[]) {
    this.#numbers = new Map(tasks.map(({ id }, number) => [id, number]));
    const numbers = (ids: readonly string[]) => [...new Set(ids)].map(this.number);
    this.#tasks = new Map(
      tasks.map((task, number) => {
        const conditions = task.when.map((condition) => numbers(tasksReadBy(condition)));
        return [task, { number, upstream: numbers(task.upstream), conditions }];
      }),
    );
  }

  number = (id: string): number => this.#numbers.get(id) ?? -1;
  of = (task: GraphTask): NumberedTask => this.#tasks.get(task) as NumberedTask;
  get size(): number {
    return this.#numbers.size;
  }
}

/** The tasks, without the run and its params, that a condition reads. */
export const tasksReadBy = (condition: unknown): string[] =>
  referencesOf(condition).filter((id) => !id.startsWith('@'));

export class Possible {
  readonly #tasks: Numbered;
  readonly #sets: Uint8Array;

  constructor(tasks: Numbered, sets: Uint8Array = new Uint8Array(tasks.size)) {
    this.#tasks = tasks;
    this.#sets = sets;
  }

  copy(): Possible {
    return new Possible(this.#tasks, this.#sets.slice());
  }

  /** What is known where ways of both may lead. */
  or(other: Possible | undefined): Possible {
    if (!other) return this;
    const sets = this.#sets.slice();
    for (let at = 0; at < sets.length; at++) sets[at] = (sets[at] as number) | (other.#sets[at] as number);
    return new Possible(this.#tasks, sets);
  }

  set(task: GraphTask, ...statuses: readonly TaskStatus[]): this {
    this.#sets[this.#tasks.of(task).number] = statuses.reduce((set, status) => set | BIT[status], 0);
    return this;
  }

  /** Takes over what another knows of the tasks from one place to before another. */
  takeRange(other: Possible, from: number, to: number): void {
    this.#sets.set(other.#sets.subarray(from, to), from);
  }

  /** What is known of some tasks, by number, as text: the same text where the same is known. */
  key = (numbers: readonly number[]): string => numbers.map(this.#at).join();

  /** Takes over what another knows of the tasks. */
  take(other: Possible, tasks: readonly GraphTask[]): void {
    for (const task of tasks) {
      const { number } = this.#tasks.of(task);
      this.#sets[number] = other.#at(number);
    }
  }

  /** The place of a task in the machine's order. */
  number = (task: GraphTask): number => this.#tasks.of(task).number;

  of = (taskId: string): TaskStatus[] => listOf(this.#at(this.#tasks.number(taskId)));

  /** Every decision that can be made of a task here. */
  decisions(task: GraphTask): readonly Decision[] {
    const { upstream, conditions } = this.#tasks.of(task);
    const byRule = upstream.length === 0 ? RUNS : decisionsOf(task.triggerRule, this.#presences(upstream));
    const isAsked = (reads: readonly number[]) => reads.every((at) => this.#at(at) & BIT.success);
    if (byRule.includes('skipped') || !conditions.some(isAsked)) return byRule;
    return [...byRule, 'skipped'];
  }

  /** What is known where a decision was made of a task. */
  after(task: GraphTask, decision: Decision): Possible {
    const next = this.copy();
    const { upstream } = this.#tasks.of(task);
    const allowed = listed(this.#presences(upstream)).filter(
      (present) => byRule(task.triggerRule, present) === decision,
    );
    const statuses = allowed.reduce((all, present) => all | present, 0);
    // A condition that does not hold skips a task whatever its upstreams are.
    if (decision !== 'skipped') for (const at of upstream) next.#sets[at] = this.#at(at) & statuses;
    return next;
  }

  /** Every set of statuses that upstreams can have among them: a set of sets, one bit each. */
  #presences(upstream: readonly number[]): number {
    let found = 1;
    for (const at of upstream) found = joined(found, this.#at(at));
    return found;
  }

  #at = (number: number): Statuses => this.#sets[number] ?? 0;
}

/** The sets of a set of sets, each with one more of some statuses. */
function joined(found: number, statuses: Statuses): number {
  if (isSingle(found) && isSingle(statuses)) return 1 << ((31 - Math.clz32(found)) | statuses);
  let next = 0;
  for (const present of listed(found)) for (const bit of listed(statuses)) next |= 1 << (present | (1 << bit));
  return next;
}
const isSingle = (set: number): boolean => set !== 0 && (set & (set - 1)) === 0;

const RUNS: readonly Decision[] = ['run'];

const holds = ({ none = [], some }: Test, present: Statuses): boolean =>
  !(present & setOf(none)) && (some === undefined || (present & setOf(some)) !== 0);

function byRule(rule: TriggerRule, present: Statuses): Decision {
  const { runs, fails } = RULES[rule];
  if (holds(runs, present)) return 'run';
  return fails && holds(fails, present) ? 'upstream_failed' : 'skipped';
}

/** Asked for each task on each way past it, so the answers are kept. */
const kept = new Map<TriggerRule, Map<number, readonly Decision[]>>();
function decisionsOf(rule: TriggerRule, presences: number): readonly Decision[] {
  const answers = kept.get(rule) ?? new Map<number, readonly Decision[]>();
  kept.set(rule, answers);
  const known = answers.get(presences);
  if (known) return known;
  const found = listed(presences).map((present) => byRule(rule, present));
  const decisions = DECISIONS.filter((decision) => found.includes(decision));
  answers.set(presences, decisions);
  return decisions;
}

/** The bits of a set of up to 16, by number. */
function listed(set: number): number[] {
  const found: number[] = [];
  for (let bit = 0; set >> bit > 0; bit++) if ((set >> bit) & 1) found.push(bit);
  return found;
}
