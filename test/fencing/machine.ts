/** What Step Functions and EventBridge do around the handlers: order, retries, events. */

import type { ExecutionInput } from '#lib/contract/begin-event.ts';
import type { Run } from '#lib/contract/envelope.ts';
import type { Faults, Step, World } from './world.ts';

const STOPPED = new Error('The execution was stopped.');

/** When a process that fell asleep goes on; after the run where nothing else is said. */
export type Wakes = 'beside its retry' | 'after its retry' | 'after the run' | 'after the next run';

export interface Plan {
  readonly faults?: Faults;
  readonly wakes?: Wakes;
  /** How many attempts of the extract have time for one page only. */
  readonly hurried?: number;
  /** How often the event of the execution's end comes. */
  readonly ends?: 0 | 1 | 2;
  /** The execution is stopped where a process falls asleep: nobody tries its step again. */
  readonly isStopped?: boolean;
  /** Called before each step. */
  readonly meanwhile?: (step: Step) => Promise<unknown>;
}

/** More than any plan has faults. */
const RETRIES = 12;
/** What no retry follows. */
const FINAL = new Set(['Sluice.Terminal', 'Sluice.NoSnapshot', 'Sluice.Duplicate']);

export class Machine {
  readonly #world: World;
  readonly #sleepers: (() => Promise<unknown>)[] = [];
  readonly #awake: Promise<unknown>[] = [];
  /** Of each step, the calls of the attempt that made the most, by name. */
  readonly calls: Partial<Record<Step, readonly string[]>> = {};

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * Carries an execution out, to its end.
   * @returns false where begin found that another carries the run out, or did, and where it was stopped
   */
  async execute(name: string, input: ExecutionInput, plan: Plan = {}): Promise<boolean> {
    this.#world.start(name);
    const error = await this.#tasks(name, input, plan).catch((thrown: Error) => thrown);
    if (error && error.name !== 'Sluice.Duplicate' && error !== STOPPED) throw error;
    this.#world.stop(name, error === STOPPED ? 'ABORTED' : 'SUCCEEDED');
    await this.end(name, plan);
    return error === undefined;
  }

  /** The event of an execution's end comes, once or as often as planned. */
  async end(name: string, plan: Plan = {}): Promise<void> {
    for (let n = 0; n < (plan.ends ?? 1); n++) await this.step('end', this.#world.endEvent(name), plan);
    if (plan.wakes !== 'after the next run') await this.wake();
  }

  /** Whoever sleeps goes on, to its end, whatever that is. */
  async wake(): Promise<void> {
    this.#awake.push(...this.#sleepers.splice(0).map((wake) => wake()));
    await Promise.all(this.#awake.splice(0));
  }

  async #tasks(name: string, input: ExecutionInput, plan: Plan): Promise<undefined> {
    const run = (await this.step('begin', this.#world.beginEvent(name, input), plan)) as Run;
    const task = (step: Step, given?: unknown) => this.step(step, this.#world.taskEvent(step, run, given), plan);
    await task('load', await task('extract', await task('watermark')));
    await task('count');
  }

  /** A state with its retries. */
  async step(step: Step, event: object, plan: Plan): Promise<unknown> {
    await plan.meanwhile?.(step);
    for (let n = 0; n < RETRIES; n++) {
      const isHurried = step === 'extract' && n < (plan.hurried ?? 0);
      const life = await this.#world.attempt(step, event, { fault: plan.faults?.[step]?.[n], isHurried });
      this.#note(step, life.calls);
      if (life.end === 'failed' && FINAL.has(life.error.name)) throw life.error;
      if (life.end === 'asleep') this.#sleeps(life.wake, plan);
      if (life.end !== 'done') continue;
      if (plan.wakes === 'after its retry') await this.wake();
      return life.value;
    }
    throw new Error(`The step ${step} did not succeed in ${RETRIES} attempts.`);
  }

  #note(step: Step, calls: readonly string[]): void {
    if (calls.length > (this.calls[step]?.length ?? 0)) this.calls[step] = calls;
  }

  #sleeps(wake: () => Promise<unknown>, { wakes, isStopped }: Plan): void {
    if (wakes === 'beside its retry') this.#awake.push(wake());
    else this.#sleepers.push(wake);
    if (isStopped) throw STOPPED;
  }
}
