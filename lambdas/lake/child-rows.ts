import type { ChildTable } from '#lib/contract/table.ts';
import { isRawJSON, type Json, type JsonObject, shown } from './exact.ts';
import { type Rejection, RowShape } from './row-shape.ts';

/** The rows of a child table that a record holds. */
export class ChildRows {
  readonly #declared: ChildTable;
  readonly #shape: RowShape;

  constructor(declared: ChildTable) {
    this.#declared = declared;
    this.#shape = new RowShape(declared.columns);
  }

  get name(): string {
    return this.#declared.name;
  }

  /** Whether the record says what rows it has: an empty list and a null say that there are none. */
  isIn = (record: JsonObject): boolean => this.#declared.from.some((field) => Object.hasOwn(record, field));

  /** The rows as lines of JSON, or why the record cannot be loaded. */
  of(record: JsonObject, parent: RowShape): string[] | Rejection {
    const { name, parent: copied } = this.#declared;
    const given = Object.entries(copied).map(([column, from]): [string, Json | undefined] => [
      column,
      parent.value(from),
    ]);
    const lines: string[] = [];
    for (const item of this.#items(record)) {
      if (item === null) continue;
      if (typeof item !== 'object' || Array.isArray(item) || isRawJSON(item)) {
        return { reason: `expected objects, found ${shown(item)}`, column: name };
      }
      const problem = this.#shape.fill(item, given);
      if (problem) return { ...problem, column: `${name}.${problem.column}` };
      lines.push(this.#shape.line());
    }
    return lines;
  }

  #items(record: JsonObject): Json[] {
    const field = this.#declared.from.find((name) => Object.hasOwn(record, name));
    const value = field === undefined ? null : (record[field] ?? null);
    return Array.isArray(value) ? value : [value];
  }

  /** As those of the record itself, under the name of the field that holds the rows. */
  unknown = () => this.#named(this.#shape.unknown());
  collisions = () => this.#named(this.#shape.collisions());

  #named(counted: [string, number][]): [string, number][] {
    return counted.map(([name, count]) => [`${this.#declared.from[0]}_${name}`, count]);
  }
}
