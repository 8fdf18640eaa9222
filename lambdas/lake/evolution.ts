/** Columns for fields that a table's declaration does not name, where it says that the table evolves. */
import { type Column, FOUND_TYPES } from '#lib/contract/table.ts';
import { checkOf } from './column-check.ts';
import { isRawJSON, type Json } from './exact.ts';

const TEXT = 'varchar(65535)' satisfies FoundType;
type FoundType = (typeof FOUND_TYPES)[number];

const checks = FOUND_TYPES.map((type) => ({ type, check: checkOf({ name: '', type }) }));

/**
 * The type that keeps a value as it is, or undefined where there is none: a text that is too long.
 * @param value a scalar, not null
 */
export function typeFor(value: Json): FoundType | undefined {
  const type = checks.find(({ check }) => check(value) === undefined)?.type;
  const isInteger = isRawJSON(value) && /^-?\d+$/.test(value.rawJSON);
  // Of an integer that int8 does not hold, a float8 would lose digits.
  return type === 'float8' && isInteger ? TEXT : type;
}

/** The type that keeps the values of both. COPY loads numbers and booleans into text as they are written. */
const typeForBoth = (one: FoundType | undefined, other: FoundType): FoundType =>
  one === undefined || one === other ? other : TEXT;

/** The columns that several attempts found. */
export function mergedColumns(found: readonly (readonly FoundColumn[])[]): FoundColumn[] {
  const types = new Map<string, FoundType>();
  for (const { name, type } of found.flat()) types.set(name, typeForBoth(types.get(name), type));
  return [...types].map(([name, type]) => ({ name, type }));
}

export interface FoundColumn {
  readonly name: string;
  readonly type: FoundType;
}

/** Bytes of an identifier in Redshift. */
const NAME_BYTES = 127;
/** Of one table, so that records with ids for keys do not use up the 1,600 columns that it may have. */
const MOST_COLUMNS = 200;

/** A field that may become a column. */
export interface Candidate {
  readonly name: string;
  type?: FoundType;
}

/** What an attempt finds beyond a declaration. */
export class Evolution {
  readonly #taken: ReadonlySet<string>;
  readonly #children: readonly string[];
  readonly #found: Candidate[] = [];

  /**
   * @param columns the declared ones
   * @param children fields that hold the rows of child tables: what is in them is theirs
   */
  constructor(columns: readonly Column[], children: readonly string[]) {
    this.#taken = new Set(columns.map(({ name }) => name.toLowerCase()));
    this.#children = children.map((name) => `${name}_`);
  }

  /** Whether a field of this name may become a column. COPY finds columns by names in lower case. */
  allows(name: string): boolean {
    const isName = name !== '' && !name.includes('\0') && name.isWellFormed();
    const fits = isName && name === name.toLowerCase() && Buffer.byteLength(name) <= NAME_BYTES;
    return fits && !this.#taken.has(name) && !this.#children.some((prefix) => name.startsWith(prefix));
  }

  /** Makes room for a value in the field's column; false where it cannot be kept. */
  takes(field: Candidate, value: Json): boolean {
    if (value === null) return true;
    const type = typeFor(value);
    if (type === undefined || (field.type === undefined && this.#found.length === MOST_COLUMNS)) return false;
    if (field.type === undefined) this.#found.push(field);
    field.type = typeForBoth(field.type, type);
    return true;
  }

  columns = (): FoundColumn[] => this.#found.flatMap(({ name, type }) => (type ? [{ name, type }] : []));
}
