/** DuckDB's results in the Data API's encoding. */
import type { DuckDBMaterializedResult, DuckDBType } from '@duckdb/node-api';
import { RedshiftError } from '../errors.ts';
import { type ColumnType, fromDuckdb } from '../sql/column-types.ts';

/**
 * One value. `longValue` is raw JSON where a number would not be exact; timestamps, dates, numerics and SUPER are
 * strings, as Redshift prints them.
 */
type Field =
  | { isNull: true }
  | { booleanValue: boolean }
  | { longValue: number | RawJson }
  | { doubleValue: number | NotFinite }
  | { stringValue: string };

/** JSON has no such numbers: AWS's JSON protocol writes them as texts, and its SDKs read numbers. */
type NotFinite = 'NaN' | 'Infinity' | '-Infinity';

export interface ColumnMetadata {
  readonly name: string;
  readonly label: string;
  /** Such as `int8`, `varchar`, `timestamptz`. */
  readonly typeName: string;
  readonly precision: number;
  readonly scale: number;
  readonly length: number;
  /** 1: it may be null. */
  readonly nullable: number;
  readonly isSigned: boolean;
  readonly isCaseSensitive: boolean;
  readonly isCurrency: boolean;
  readonly schemaName: string;
  readonly tableName: string;
}

export interface ResultSet {
  readonly columns: readonly ColumnMetadata[];
  readonly records: readonly Field[][];
  /** Of its values as text. */
  readonly bytes: number;
}

/** @throws RedshiftError for a column of a type that Redshift does not have */
export function resultSet(result: DuckDBMaterializedResult): Promise<ResultSet> {
  const types = result.columnTypes().map(typeOf);
  const columns = result.columnNames().map((name, index) => columnMetadata(name, types[index] as ColumnType));
  return result.getRowsJson().then((rows) => {
    const records = rows.map((row) => row.map((value, index) => field(types[index] as ColumnType, value)));
    return { columns, records, bytes: rows.reduce((sum, row) => sum + sizeOf(row), 0) };
  });
}

/** DuckDB calls a JSON column a VARCHAR with an alias. */
const typeOf = (type: DuckDBType): ColumnType => fromDuckdb(type.alias === 'JSON' ? 'JSON' : type.toString());

const sizeOf = (row: readonly unknown[]): number =>
  row.reduce((sum: number, value) => sum + (value === null ? 0 : Buffer.byteLength(String(value))), 0);

function field({ name }: ColumnType, value: unknown): Field {
  if (value === null || (name === 'super' && value === 'null')) return { isNull: true };
  if (name === 'bool') return { booleanValue: value === true };
  if (name === 'float4' || name === 'float8') return { doubleValue: double(Number(value)) };
  if (name === 'int2' || name === 'int4' || name === 'int8') return { longValue: long(String(value)) };
  return {
    stringValue:
      name === 'date' || name === 'timestamp' || name === 'timestamptz' ? time(String(value)) : String(value),
  };
}

const double = (value: number): number | NotFinite => (Number.isFinite(value) ? value : (String(value) as NotFinite));

/** @throws RedshiftError where DuckDB has computed what Redshift has not */
function time(text: string): string {
  if (/infinity/.test(text)) throw new RedshiftError('ERROR: date/time field value out of range: infinity');
  return text.includes('(BC)') ? `${text.replace(' (BC)', '')} BC` : text;
}

/** Written by JSON.stringify as it stands. */
interface RawJson {
  readonly rawJSON: string;
}
// TypeScript's library does not know it yet.
const { rawJSON } = JSON as unknown as { rawJSON(text: string): RawJson };

const long = (text: string): number | RawJson => (Number.isSafeInteger(Number(text)) ? Number(text) : rawJSON(text));

const DIGITS: Readonly<Record<string, number>> = { int2: 5, int4: 10, int8: 19, float4: 8, float8: 17, bool: 1 };

export function columnMetadata(name: string, type: ColumnType): ColumnMetadata {
  return {
    name,
    label: name,
    typeName: type.name,
    precision: type.precision ?? type.length ?? DIGITS[type.name] ?? 0,
    scale: type.scale ?? 0,
    length: type.length ?? 0,
    nullable: 1,
    isSigned: ['int2', 'int4', 'int8', 'float4', 'float8', 'numeric'].includes(type.name),
    isCaseSensitive: type.name === 'varchar',
    isCurrency: false,
    schemaName: '',
    tableName: '',
  };
}
