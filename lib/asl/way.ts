/** Ways from one state to another. Statuses travel as the states' input and output: `{ "<task id>": "success" }`. */
import type { TaskStatus } from '#lib/contract/task-status.ts';
import { embed, literal } from './jsonata.ts';

/** That the tasks of a range, by their place in the machine's order, have a status. */
interface Range {
  readonly from: number;
  readonly to: number;
  readonly status: TaskStatus;
}
export type Recorded = readonly Range[];

/** What is recorded, with one more status in front. */
export function recorded(place: number, status: TaskStatus, behind: Recorded = []): Recorded {
  const [first, ...others] = behind;
  if (first?.status === status && first.from === place + 1) return [{ ...first, from: place }, ...others];
  return [{ from: place, to: place, status }, ...behind];
}

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
  #isOrderUsed = false;

  /** @param order all tasks, as the machine comes to them */
  constructor(order: readonly string[]) {
    this.#order = order;
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
    const count = statuses.reduce((sum, { from, to }) => sum + 1 + to - from, 0);
    const isLong = ({ from, to }: Range) => count > FEW && to > from;
    const named = statuses.filter((range) => !isLong(range)).flatMap((range) => this.#named(range));
    const ranges = statuses.filter(isLong);
    if (ranges.length > 0) this.#isOrderUsed = true;
    return [
      ...(named.length > 0 ? [`{${named.join(', ')}}`] : []),
      ...ranges.map(({ from, to, status }) => `$order[[${from}..${to}]].{$: ${literal(status)}}`),
    ];
  }

  #named({ from, to, status }: Range): string[] {
    return this.#order.slice(from, to + 1).map((id) => `${literal(id)}: ${literal(status)}`);
  }
}
