import type { Column } from '#lib/contract/table.ts';
import { type Clean, cleanOf } from './cleaners.ts';
import { checkOf } from './column-check.ts';
import { type Candidate, Evolution, type FoundColumn } from './evolution.ts';
import { type Json, shown } from './exact.ts';
import { type Field, Flattener, OTHERS } from './flatten.ts';

/** Why a record is not loaded. */
export interface Rejection {
  readonly reason: string;
  /** `<column>` or `<child table>.<column>`; absent where the record as a whole is wrong. */
  readonly column?: string | undefined;
}

interface RowField extends Field, Candidate {
  /** Of the column that the field fills. */
  readonly column: number | undefined;
  /** A list here is rows of a child table. */
  readonly isChild: boolean;
  /** The columns that the fields of an object here would fill. */
  readonly inner: readonly number[];
  /** Where no column takes it, whether one may be added. */
  readonly evolves: boolean;
  unfilled: number;
}

interface Slot {
  readonly name: string;
  readonly key: string;
  readonly required: boolean;
  readonly check: ReturnType<typeof checkOf>;
}

const fieldOf = ({ name, field }: Column): string => field ?? name;

/** The row that a record gives: filled, checked and written one record after the other. */
export class RowShape {
  readonly #slots: readonly Slot[];
  readonly #flattener: Flattener<RowField>;
  /** Of columns, by name. */
  readonly #places: ReadonlyMap<string, number>;
  /** Of the columns that fields fill, by the fields' names. */
  readonly #filled: ReadonlyMap<string, number>;
  /** Of the columns that have some, by place. */
  readonly #cleaners: readonly (readonly [place: number, clean: Clean])[];
  readonly #evolution: Evolution | undefined;
  /** Each column's key as its own, so that what is set is a field also where it is called __proto__. */
  readonly #empty: Readonly<Record<string, Json | undefined>>;
  #values: (Json | undefined)[] = [];
  /** What goes into columns that the declaration does not have. */
  readonly #beyond = new Map<RowField, Json>();
  /** What is there in place of an object whose fields would fill columns. */
  readonly #misfits = new Map<RowField, Json>();

  constructor(
    columns: readonly Column[],
    options: { required?: readonly string[]; children?: readonly string[]; evolve?: boolean } = {},
  ) {
    const { required = [], children = [], evolve = false } = options;
    this.#evolution = evolve ? new Evolution(columns, children) : undefined;
    this.#places = new Map(columns.map(({ name }, place) => [name, place]));
    this.#filled = new Map(columns.map((column, place) => [fieldOf(column), place]));
    this.#cleaners = columns.flatMap((column, place) => {
      const clean = cleanOf(column);
      return clean ? [[place, clean] as const] : [];
    });
    this.#slots = columns.map((column) => ({
      name: column.name,
      key: column.name.toLowerCase(),
      required: column.notNull === true || required.includes(column.name),
      check: checkOf(column),
    }));
    this.#empty = Object.fromEntries(this.#slots.map(({ key }) => [key, undefined]));
    this.#flattener = new Flattener<RowField>(
      (name) => {
        const column = this.#filled.get(name);
        const isChild = children.includes(name);
        const inner = column === undefined ? this.#placesUnder(`${name}_`) : [];
        const evolves = !isChild && name !== OTHERS && this.#evolution?.allows(name) === true;
        return { name, column, isChild, inner, evolves, unfilled: 0, collisions: 0, record: 0 };
      },
      (field, value) => this.#takesWhole(field, value),
    );
  }

  /**
   * Takes a record's fields, and over them those given by column; says what is wrong with them. A null where columns
   * are flattened from an object is a null of each of them; another value in its place, or a list, must leave them filled
   * by other fields.
   */
  fill(record: object, given: Iterable<[column: string, value: Json | undefined]> = []): Rejection | undefined {
    const values: (Json | undefined)[] = new Array(this.#slots.length).fill(undefined);
    this.#beyond.clear();
    this.#misfits.clear();
    this.#flattener.flatten(record, (field, value) => {
      if (field.column !== undefined) values[field.column] = value;
      else if (field.evolves && this.#evolution?.takes(field, value)) this.#beyond.set(field, value);
      else if (!field.isChild) field.unfilled++;
      if (field.inner.length > 0) this.#takeInPlace(field, value, values);
    });
    for (const [column, value] of given) values[this.#places.get(column) ?? -1] = value;
    for (const [place, clean] of this.#cleaners) {
      if (values[place] !== undefined) values[place] = clean(values[place]);
    }
    this.#values = values;
    return this.#misfit() ?? this.#problem();
  }

  /** An object or list in a column is held against the column's type as it is. */
  #takesWhole(field: RowField, value: Json): boolean {
    if (field.column !== undefined || (field.isChild && Array.isArray(value))) return true;
    if (field.inner.length > 0 && Array.isArray(value) && value.length > 0) this.#misfits.set(field, value);
    return false;
  }

  /** A scalar where an object would fill columns. */
  #takeInPlace(field: RowField, value: Json, values: (Json | undefined)[]): void {
    if (value === null) for (const place of field.inner) values[place] ??= null;
    else if (!Array.isArray(value)) this.#misfits.set(field, value);
  }

  #misfit(): Rejection | undefined {
    for (const [{ name, inner }, value] of this.#misfits) {
      if (inner.some((place) => this.#values[place] !== undefined)) continue;
      const column = this.#slots[inner[0] as number]?.name;
      return { reason: `expected it in an object '${name}', found ${shown(value)} there`, column };
    }
    return undefined;
  }

  #placesUnder(prefix: string): number[] {
    return [...this.#filled].flatMap(([name, place]) => (name.startsWith(prefix) ? [place] : []));
  }

  #problem(): Rejection | undefined {
    for (let place = 0; place < this.#slots.length; place++) {
      const slot = this.#slots[place] as Slot;
      const value = this.#values[place];
      const absent = value === undefined || value === null;
      if (absent && !slot.required) continue;
      const reason = absent ? `is ${value === null ? 'null' : 'absent'}, and must not be` : slot.check(value);
      if (reason !== undefined) return { reason, column: slot.name };
    }
    return undefined;
  }

  /** Of the record that was taken last; undefined where it lacks the field. */
  value(column: string): Json | undefined {
    return this.#values[this.#places.get(column) ?? -1];
  }

  /** The columns that the record that was taken last does not fill, not even with a null. */
  absent(): string[] {
    return this.#slots.flatMap(({ name }, place) => (this.#values[place] === undefined ? [name] : []));
  }

  /** The row of the record that was taken last, as JSON on one line. An absent field stays absent. */
  line(): string {
    const row = { ...this.#empty };
    for (let place = 0; place < this.#slots.length; place++)
      row[(this.#slots[place] as Slot).key] = this.#values[place];
    // In one call: one a value takes twice the time.
    const line = JSON.stringify(row);
    if (this.#beyond.size === 0) return line;
    const more = [...this.#beyond].map(([{ name }, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
    return `${line.slice(0, -1)}${line === '{}' ? '' : ','}${more.join(',')}}`;
  }

  /** Fields that no column takes, with the number of times that they came. */
  unknown(): [name: string, count: number][] {
    return [...this.#flattener.fields.values()].filter(({ unfilled }) => unfilled > 0).map((f) => [f.name, f.unfilled]);
  }

  /** Columns for what was found beyond the declaration, where it evolves. */
  found = (): FoundColumn[] => this.#evolution?.columns() ?? [];

  collisions(): [name: string, count: number][] {
    return [...this.#flattener.fields.values()]
      .filter(({ collisions }) => collisions > 0)
      .map((field) => [field.name, field.collisions]);
  }
}
