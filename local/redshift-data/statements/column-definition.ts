/** One column of a CREATE TABLE or ALTER TABLE … ADD COLUMN. */
import { notDone } from '../errors.ts';
import { type ColumnType, readType } from '../sql/column-types.ts';
import type { Cursor } from '../sql/cursor.ts';
import type { Token } from '../sql/tokens.ts';
import { readEncoding } from './table-attributes.ts';

export interface ColumnDefinition {
  readonly name: string;
  readonly type: ColumnType;
  /** A primary key is never null, though Redshift does not hold it to be unique. */
  readonly notNull: boolean;
  readonly default?: readonly Token[];
  /** DISTKEY or SORTKEY of the column itself. */
  readonly isKey: boolean;
}

const RULES = ['not', 'null', 'unique', 'primary', 'references', 'encode', 'distkey', 'sortkey', 'default', 'collate'];

export function readColumn(cursor: Cursor): ColumnDefinition {
  const name = cursor.name();
  const type = readType(cursor);
  let notNull = false;
  let isKey = false;
  let value: readonly Token[] | undefined;
  while (!cursor.done && !cursor.sees(',') && !cursor.sees(')')) {
    if (cursor.take('default')) value = cursor.rest(() => endsDefault(cursor));
    else if (cursor.take('distkey') || cursor.take('sortkey')) isKey = true;
    else notNull = readRule(cursor) === 'not null' || notNull;
  }
  return { name, type, notNull, isKey, ...(value && { default: value }) };
}

const endsDefault = (cursor: Cursor): boolean =>
  cursor.sees(',') || cursor.sees(')') || RULES.some((word) => word !== 'null' && cursor.sees(word));

function readRule(cursor: Cursor): 'not null' | undefined {
  if (cursor.take('not', 'null') || cursor.take('primary', 'key')) return 'not null';
  if (cursor.take('null') || cursor.take('unique')) return undefined;
  if (cursor.take('encode')) readEncoding(cursor);
  else if (cursor.take('references')) readReference(cursor);
  else if (cursor.sees('identity') || cursor.sees('generated')) throw notDone('IDENTITY columns');
  else if (cursor.sees('collate')) throw notDone('COLLATE');
  else throw cursor.unexpected();
  return undefined;
}

/** The rest of REFERENCES: not enforced, as on Redshift. */
export function readReference(cursor: Cursor): void {
  cursor.tableName();
  if (cursor.sees('(')) cursor.names();
}
