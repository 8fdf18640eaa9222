/** Ways from one state to another. Statuses travel as the states' input and output: `{ "<task id>": "success" }`. */
import type { TaskStatus } from '#lib/contract/run-record.ts';
import { embed, literal } from './jsonata.ts';

export type Recorded = readonly (readonly [taskId: string, status: TaskStatus])[];

/** Where a state leads, and what is then settled: the tasks on the way whose rules keep them from running. */
export interface Way {
  /** Known once all states are. */
  readonly to: () => string;
  readonly statuses: Recorded;
}

/** So many statuses are written out one by one; more of them as ranges of `$order`. */
const FEW = 8;

/** Writes statuses into what a state gives on. */
export class Statuses {
  readonly #order: readonly string[];
  readonly #places: ReadonlyMap<string, number>;
  #isOrderUsed = false;

  /** @param order all tasks, as the machine comes to them */
  constructor(order: readonly string[]) {
    this.#order = order;
    this.#places = new Map(order.map((id, place) => [id, place]));
  }

  /** What the first state must assign, so that ranges can be read: without it each of n tasks would list the others. */
  get variables(): { readonly order?: readonly string[] } {
    return this.#isOrderUsed ? { order: this.#order } : {};
  }

  /** A state's `Output`: its input, with these statuses and those of further expressions. */
  output(statuses: Recorded, ...further: readonly string[]): string {
    return embed(`$merge([${['$states.input', ...further, ...this.objects(statuses)].join(', ')}])`);
  }

  /** The statuses as expressions that each give an object, or several. */
  objects(statuses: Recorded): string[] {
    if (statuses.length === 0) return [];
    if (statuses.length <= FEW) return [object(statuses)];
    this.#isOrderUsed = true;
    const places = statuses.map(([id, status]) => ({ place: this.#places.get(id) ?? -1, status }));
    const ranges: { from: number; to: number; status: TaskStatus }[] = [];
    for (const { place, status } of places.sort((one, other) => one.place - other.place)) {
      const range = ranges.at(-1);
      if (range?.status === status && range.to === place - 1) range.to = place;
      else ranges.push({ from: place, to: place, status });
    }
    return ranges.map(({ from, to, status }) => `$order[[${from}..${to}]].{$: ${literal(status)}}`);
  }
}

const object = (statuses: Recorded): string =>
  `{${statuses.map(([id, status]) => `${literal(id)}: ${literal(status)}`).join(', ')}}`;
