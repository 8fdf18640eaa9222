import { StateFailure } from '../errors.ts';
import { bytesOf, type Json } from '../json.ts';
import { LIMITS } from '../limits.ts';

/** The workflow variables of one scope. Inner scopes read outer variables and assign only their own. */
export class Variables {
  readonly #outer: Variables | undefined;
  readonly #values = new Map<string, { value: Json; bytes: number }>();

  constructor(outer?: Variables) {
    this.#outer = outer;
  }

  /** Everything visible here, by name. */
  visible(): Record<string, Json> {
    const own = [...this.#values].map(([name, { value }]) => [name, value] as const);
    return { ...this.#outer?.visible(), ...Object.fromEntries(own) };
  }

  /**
   * Assigns all of `values` and returns each one's JSON text.
   * @throws {StateFailure} States.DataLimitExceeded beyond 256 KiB at once or 10 MiB in all;
   *   States.Runtime for a variable of an outer scope.
   */
  assign(values: Record<string, Json>): Record<string, string> {
    const taken = Object.keys(values).find((name) => this.#outer?.has(name));
    if (taken !== undefined) {
      throw new StateFailure(
        'States.Runtime',
        `The variable '${taken}' belongs to an outer scope and cannot be assigned here.`,
      );
    }
    const texts = Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)] as const);
    const bytes = texts.reduce((sum, [, text]) => sum + bytesOf(text), 0);
    if (bytes > LIMITS.assignBytes) throw tooLarge(`The variables assigned at once have ${bytes} bytes`, 'assignBytes');
    const total = this.#bytes() + bytes;
    if (total > LIMITS.variablesBytes) throw tooLarge(`The variables have ${total} bytes`, 'variablesBytes');
    for (const [name, text] of texts) this.#values.set(name, { value: values[name] ?? null, bytes: bytesOf(text) });
    return Object.fromEntries(texts);
  }

  has(name: string): boolean {
    return this.#values.has(name) || (this.#outer?.has(name) ?? false);
  }

  #bytes(): number {
    const own = [...this.#values.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    return this.#outer ? own + this.#outer.#bytes() : own;
  }
}

const tooLarge = (what: string, limit: 'assignBytes' | 'variablesBytes'): StateFailure =>
  new StateFailure('States.DataLimitExceeded', `${what}; the limit is ${LIMITS[limit]}.`, { reach: 'by name' });
