/** How a JSON value becomes a column's value, and what is wrong with one that cannot. */

import type { Column } from '../engine/table-shape.ts';
import { notDone } from '../errors.ts';
import { duckdbType, type TypeName } from '../sql/column-types.ts';
import { quoteName, quoteText } from '../sql/names.ts';

interface Kind {
  /** As which DuckDB reads it from the file. */
  readonly readAs: 'VARCHAR' | 'JSON';
  /** Whether the text `v` cannot become it. Null and false mean that it can. */
  readonly isBad: (v: string, type: string) => string;
  /** Redshift's code and words for it. */
  readonly code: number;
  readonly reason: string;
}

const uncastable = (v: string, type: string): string => `TRY_CAST(${v} AS ${type}) IS NULL`;
const integer: Kind = {
  readAs: 'VARCHAR',
  // DuckDB alone would round 1.5.
  isBad: (v, type) => `(trim(${v}, '+-0123456789 ') <> '' OR ${uncastable(v, type)})`,
  code: 1207,
  reason: 'Invalid digit, or out of range',
};
const parsed = (code: number, reason: string): Kind => ({ readAs: 'VARCHAR', isBad: uncastable, code, reason });
const undone = undefined;

const KINDS: Readonly<Record<TypeName, Kind | undefined>> = {
  int2: integer,
  int4: integer,
  int8: integer,
  float4: parsed(1208, 'Invalid floating point number'),
  float8: parsed(1208, 'Invalid floating point number'),
  bool: parsed(1210, 'Unknown boolean format'),
  date: parsed(1205, 'Invalid Date Format'),
  timestamp: parsed(1206, 'Invalid timestamp format or value'),
  timestamptz: parsed(1206, 'Invalid timestamp format or value'),
  // Redshift keeps no NUL in a text.
  varchar: { readAs: 'VARCHAR', isBad: (v) => `contains(${v}, chr(0))`, code: 1220, reason: 'String contains NUL' },
  super: { readAs: 'JSON', isBad: () => 'false', code: 1200, reason: '' },
  // Redshift cuts digits off where DuckDB rounds.
  numeric: undone,
};

function kindOf({ name, type }: Column): Kind {
  const kind = KINDS[type.name];
  if (!kind) throw notDone(`COPY into ${name}, a ${type.name} column`, 'load it as float8 or varchar');
  return kind;
}

export const readAs = (column: Column): string => kindOf(column).readAs;

/** The value to insert; it raises where the text cannot become it. */
export function loadExpression(column: Column): string {
  const name = quoteName(column.name);
  const type = duckdbType(column.type);
  const { readAs: source, isBad } = kindOf(column);
  if (source === 'JSON') return `CASE WHEN json_type(${name}) = 'NULL' THEN NULL ELSE ${name} END`;
  return `CASE WHEN ${name} IS NULL THEN NULL WHEN ${isBad(name, type)} THEN error('bad value') ELSE CAST(${name} AS ${type}) END`;
}

/** A struct of what is wrong with the column's value in a row; null where nothing is. */
export function problemExpression(column: Column): string {
  const name = quoteName(column.name);
  const { isBad, code, reason } = kindOf(column);
  const { type } = column;
  const problem = (errorCode: number, message: string) =>
    `{name: ${quoteText(column.name)}, type: ${quoteText(type.name)}, length: ${quoteText(String(type.length ?? ''))},
      value: CAST(${name} AS VARCHAR), code: ${errorCode}, reason: ${quoteText(message)}}`;
  const rules = [
    column.notNull ? `WHEN ${name} IS NULL THEN ${problem(1213, 'Missing data for not-null field')}` : '',
    type.length === undefined
      ? ''
      : `WHEN strlen(${name}) > ${type.length} THEN ${problem(1204, 'String length exceeds DDL length')}`,
    `WHEN ${name} IS NOT NULL AND ${isBad(name, duckdbType(type))} THEN ${problem(code, reason)}`,
  ];
  return `CASE ${rules.join(' ')} END`;
}
