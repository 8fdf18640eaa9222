/** How a run ends: it failed where a leaf, a task that none waits for, failed or is upstream_failed. */
import type { Graph, GraphTask } from '#lib/dag/index.ts';
import { anyFailed } from './condition.ts';
import { embed } from './jsonata.ts';
import type { Possible } from './possible.ts';
import { failState, type State } from './state.ts';

const FAILURES: readonly string[] = ['failed', 'upstream_failed'];

export class Ending {
  readonly #leaves: readonly GraphTask[];
  readonly #used = new Set<string>();
  /** Where it is open how the run ended: what may be. */
  #open: Possible | undefined;
  #choice = '';

  /** Where a failure leads, if the first of them ends the run. */
  readonly stop: (() => string) | undefined;

  constructor({ tasks, failFast }: Graph) {
    const waitedFor = new Set(tasks.flatMap(({ upstream }) => upstream));
    this.#leaves = tasks.filter(({ id }) => !waitedFor.has(id));
    const canFail = tasks.some(({ type }) => type !== null);
    this.stop = failFast && canFail ? this.#final('Failed') : undefined;
  }

  /** The state at the end of a way on which this is known. */
  of = (known: Possible): (() => string) => {
    const failed = this.#leaves.map((leaf) => known.of(leaf.id).map((status) => FAILURES.includes(status)));
    if (failed.some((may) => may.every(Boolean))) return this.#final('Failed');
    if (!failed.flat().some(Boolean)) return this.#final('Succeeded');
    this.#final('Failed');
    this.#final('Succeeded');
    this.#open = known.or(this.#open);
    return () => this.#choice;
  };

  /**
   * The final states, with the Choice between them where one is needed.
   * @param name what the Choice is to be called
   */
  states(name = 'Run failed?'): Record<string, State> {
    this.#choice = name;
    const known = this.#open;
    return {
      ...(known && {
        [name]: {
          Type: 'Choice',
          Choices: [{ Condition: embed(anyFailed(this.#leaves, known)), Next: 'Failed' }],
          Default: 'Succeeded',
        },
      }),
      ...(this.#used.has('Succeeded') && { Succeeded: { Type: 'Succeed' } }),
      ...(this.#used.has('Failed') && {
        Failed: failState,
      }),
    };
  }

  #final(name: string): () => string {
    this.#used.add(name);
    return () => name;
  }
}
