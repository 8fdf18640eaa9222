/** Redshift's types, as far as the warehouse holds them, and how DuckDB stores them. */
import { notDone, RedshiftError } from '../errors.ts';
import type { Cursor } from './cursor.ts';
import { quoteName } from './names.ts';

export interface ColumnType {
  readonly name: TypeName;
  /** Of a varchar, in bytes of UTF-8. Absent where a query made the column, and Redshift would have inferred it. */
  readonly length?: number;
  /** Of a numeric. */
  readonly precision?: number;
  readonly scale?: number;
}

interface Facts {
  readonly duckdb: string;
  readonly spellings: readonly string[];
}

const TYPES = {
  int2: { duckdb: 'SMALLINT', spellings: ['smallint', 'int2'] },
  int4: { duckdb: 'INTEGER', spellings: ['integer', 'int', 'int4'] },
  int8: { duckdb: 'BIGINT', spellings: ['bigint', 'int8'] },
  float4: { duckdb: 'FLOAT', spellings: ['real', 'float4'] },
  float8: { duckdb: 'DOUBLE', spellings: ['double precision', 'float8', 'float'] },
  numeric: { duckdb: 'DECIMAL', spellings: ['numeric', 'decimal'] },
  bool: { duckdb: 'BOOLEAN', spellings: ['boolean', 'bool'] },
  date: { duckdb: 'DATE', spellings: ['date'] },
  timestamptz: {
    duckdb: 'TIMESTAMP WITH TIME ZONE',
    spellings: ['timestamp with time zone', 'timestamptz'],
  },
  timestamp: {
    duckdb: 'TIMESTAMP',
    spellings: ['timestamp without time zone', 'timestamp'],
  },
  varchar: {
    duckdb: 'VARCHAR',
    spellings: ['character varying', 'nvarchar', 'varchar', 'text'],
  },
  super: { duckdb: 'JSON', spellings: ['super'] },
} as const satisfies Record<string, Facts>;
export type TypeName = keyof typeof TYPES;

const BY_SPELLING = new Map<string, TypeName>(
  Object.entries(TYPES).flatMap(([name, { spellings }]) => spellings.map((text) => [text, name as TypeName])),
);
/** Longer ones first: `timestamp` begins `timestamp with time zone`. */
const SPELLINGS = [...BY_SPELLING.keys()].sort((a, b) => b.length - a.length);

/** What Redshift means by VARCHAR and TEXT in a CREATE TABLE, and by VARCHAR(MAX), in bytes. */
const DEFAULT_LENGTH = 256;
export const MAX_LENGTH = 65_535;
/** What Redshift means by DECIMAL alone. */
const DEFAULT_PRECISION = 18;
const MAX_PRECISION = 38;

/** @throws RedshiftError for a type that the warehouse does not hold */
export function readType(cursor: Cursor): ColumnType {
  const spelling = SPELLINGS.find((words) => cursor.take(...words.split(' ')));
  const name = spelling === undefined ? undefined : BY_SPELLING.get(spelling);
  if (name === undefined)
    throw notDone(`a column of type ${cursor.name()}`, `it does ${Object.keys(TYPES).join(', ')}`);
  if (name === 'varchar') return { name, length: spelling === 'text' ? DEFAULT_LENGTH : readLength(cursor) };
  if (name === 'numeric') return { name, ...readPrecision(cursor) };
  return { name };
}

function readLength(cursor: Cursor): number {
  if (!cursor.take('(')) return DEFAULT_LENGTH;
  const length = cursor.take('max') ? MAX_LENGTH : cursor.number();
  cursor.expect(')');
  if (length >= 1 && length <= MAX_LENGTH) return length;
  throw new RedshiftError(`ERROR: length for type varchar cannot exceed ${MAX_LENGTH}, nor be less than 1: ${length}`);
}

function readPrecision(cursor: Cursor): { precision: number; scale: number } {
  if (!cursor.take('(')) return { precision: DEFAULT_PRECISION, scale: 0 };
  const precision = cursor.number();
  const scale = cursor.take(',') ? cursor.number() : 0;
  cursor.expect(')');
  if (precision >= 1 && precision <= MAX_PRECISION && scale <= precision) return { precision, scale };
  throw new RedshiftError(`ERROR: DECIMAL(${precision},${scale}) is outside of 1 to ${MAX_PRECISION} digits`);
}

export const duckdbType = ({ name, precision, scale }: ColumnType): string =>
  name === 'numeric' ? `DECIMAL(${precision}, ${scale})` : TYPES[name].duckdb;

/** What keeps a varchar within its bytes, as text of a CREATE TABLE; empty for other types. */
export const lengthCheck = (column: string, { length }: ColumnType): string =>
  length === undefined ? '' : ` CHECK (strlen(${quoteName(column)}) <= ${length})`;

/**
 * The type that DuckDB writes as `text`. Its sums of integers (HUGEINT) are what Redshift calls numeric(38,0).
 * @throws RedshiftError for a type that Redshift does not have
 */
export function fromDuckdb(text: string, length?: number): ColumnType {
  if (text === 'HUGEINT') return { name: 'numeric', precision: MAX_PRECISION, scale: 0 };
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(text);
  if (decimal) return { name: 'numeric', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  const found = Object.entries(TYPES).find(
    ([, { duckdb }]) => duckdb === text || (text === '"NULL"' && duckdb === 'INTEGER'),
  );
  if (!found) throw notDone(`a result of type ${text}`, 'cast it to text or a number');
  const name = found[0] as TypeName;
  return length === undefined ? { name } : { name, length };
}
