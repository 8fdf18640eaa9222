/** Records as rows of a declared table and of its child tables, or as what must not be loaded. */
import type { TableDeclaration } from '#lib/contract/table.ts';
import { MOST_RECORD_BYTES, reasonOf } from './bounds.ts';
import { textOf } from './bytes.ts';
import { ChildRows } from './child-rows.ts';
import type { JsonObject } from './exact.ts';
import { withAbsent } from './numbered.ts';
import { type ReadRecord, readJson } from './read-record.ts';
import { type Rejection, RowShape } from './row-shape.ts';

/** COPY takes 4 MiB a row; what is left is for what a load has beside the columns. */
const LONGEST_ROW = 4 * 1024 * 1024 - 64 * 1024;
/** Of UTF-8, at most, for one of JavaScript's characters. */
const BYTES_A_CHARACTER = 3;

/** A record's rows, each one line of JSON with the declared columns that it has. */
export interface Staged {
  readonly row: string;
  /** By place of the child table in the declaration. */
  readonly children: readonly (readonly string[])[];
}

/** Holds records against a table's declaration, and counts what the declaration does not name. */
export class Staging {
  readonly #parent: RowShape;
  readonly #children: readonly ChildRows[];
  /** An upsert asks what a record lacked. */
  readonly #tellsAbsent: boolean;

  constructor(table: TableDeclaration) {
    const children = table.children.flatMap(({ from }) => from);
    this.#parent = new RowShape(table.columns, { required: table.primaryKey, children, evolve: table.evolve });
    this.#children = table.children.map((declared) => new ChildRows(declared));
    this.#tellsAbsent = table.incrementalKey !== undefined;
  }

  /** @param bytes a record, as the source wrote it */
  stage(bytes: Uint8Array, read: ReadRecord = readJson): Staged | Rejection {
    try {
      return this.#stage(bytes, read);
    } catch (error) {
      return { reason: reasonOf(error) };
    }
  }

  #stage(bytes: Uint8Array, read: ReadRecord): Staged | Rejection {
    if (bytes.length > MOST_RECORD_BYTES)
      return { reason: `has ${bytes.length} bytes, more than ${MOST_RECORD_BYTES}` };
    const text = textOf(bytes);
    if (text === undefined) return { reason: 'expected UTF-8, found bytes that are none' };
    const record = read(text);
    const problem = this.#parent.fill(record);
    if (problem) return problem;
    const children: string[][] = [];
    for (const child of this.#children) {
      const rows = child.of(record, this.#parent);
      if (!Array.isArray(rows)) return rows;
      children.push(rows);
    }
    const row = this.#parent.line();
    const length = row.length * BYTES_A_CHARACTER > LONGEST_ROW ? Buffer.byteLength(row) : 0;
    if (length > LONGEST_ROW) return { reason: `${length} bytes as a row, COPY takes ${LONGEST_ROW}` };
    return { row: this.#tellsAbsent ? withAbsent(row, this.#absent(record)) : row, children };
  }

  /** Columns and child tables of which the record that was taken last has nothing, not even a null. */
  #absent(record: JsonObject): string[] {
    const children = this.#children.filter((child) => !child.isIn(record));
    return [...this.#parent.absent(), ...children.map(({ name }) => name)];
  }

  /** Fields of records that no column takes, by flat name, with the number of times that they came. */
  unknownFields = () => Object.fromEntries([this.#parent, ...this.#children].flatMap((shape) => shape.unknown()));

  /** Columns that the declaration lacks, of a table that evolves. */
  foundColumns = () => this.#parent.found();

  /** Flat names that came more than once in a record, of which the last value was taken. */
  collisions = () => Object.fromEntries([this.#parent, ...this.#children].flatMap((shape) => shape.collisions()));
}
