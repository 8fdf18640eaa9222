/** DISTSTYLE, DISTKEY, SORTKEY, BACKUP, ENCODE: read and checked, as a single machine has no use for them. */
import type { Column } from '../engine/table-shape.ts';
import { RedshiftError } from '../errors.ts';
import type { Cursor } from '../sql/cursor.ts';

const ENCODINGS = [
  'auto',
  'az64',
  'bytedict',
  'delta',
  'delta32k',
  'lzo',
  'mostly8',
  'mostly16',
  'mostly32',
  'raw',
  'runlength',
  'text255',
  'text32k',
  'zstd',
]; // prettier-ignore

export interface TableAttributes {
  /** Columns that they name: each must exist. */
  readonly columns: string[];
}

/** What may follow the columns of a CREATE TABLE, in any order. */
export function readTableAttributes(cursor: Cursor): TableAttributes {
  const columns: string[] = [];
  const seen = new Set<string>();
  for (let found = readAttribute(cursor); found; found = readAttribute(cursor)) {
    if (seen.has(found.name)) throw new RedshiftError(`ERROR: multiple ${found.name} specifications are not allowed`);
    seen.add(found.name);
    columns.push(...(found.columns ?? []));
    if (found.style === 'key') seen.add('DISTSTYLE KEY');
  }
  if (seen.has('DISTSTYLE KEY') && !seen.has('DISTKEY')) {
    throw new RedshiftError('ERROR: DISTSTYLE KEY needs a DISTKEY column');
  }
  return { columns };
}

interface Attribute {
  readonly name: string;
  readonly columns?: string[];
  readonly style?: string;
}

function readAttribute(cursor: Cursor): Attribute | undefined {
  if (cursor.take('backup')) return oneOf(cursor, 'BACKUP', ['yes', 'no']);
  if (cursor.take('diststyle')) return oneOf(cursor, 'DISTSTYLE', ['auto', 'even', 'key', 'all']);
  if (cursor.take('distkey')) return { name: 'DISTKEY', columns: oneName(cursor) };
  if (cursor.take('encode')) return oneOf(cursor, 'ENCODE', ['auto']);
  const kind = cursor.takeOneOf('compound', 'interleaved');
  if (kind !== undefined) cursor.expect('sortkey');
  else if (!cursor.take('sortkey')) return undefined;
  if (kind === undefined && cursor.take('auto')) return { name: 'SORTKEY' };
  return { name: 'SORTKEY', columns: cursor.names() };
}

function oneOf(cursor: Cursor, name: string, values: readonly string[]): Attribute {
  const style = cursor.takeOneOf(...values);
  if (style === undefined) throw cursor.unexpected();
  return { name, style };
}

function oneName(cursor: Cursor): string[] {
  cursor.expect('(');
  const name = cursor.name();
  cursor.expect(')');
  return [name];
}

export function readEncoding(cursor: Cursor): void {
  if (cursor.takeOneOf(...ENCODINGS) === undefined) throw cursor.unexpected();
}

/** @throws RedshiftError where an attribute names a column that is not there */
export function requireColumns(columns: readonly string[], named: readonly string[]): void {
  const missing = named.find((name) => !columns.includes(name));
  if (missing !== undefined) throw new RedshiftError(`ERROR: column "${missing}" does not exist`);
}

/** @throws RedshiftError as Redshift does: a SUPER is no key that places or orders rows */
export function refuseSuperKeys(columns: readonly Column[], keys: readonly string[]): void {
  const key = columns.find(({ name, type }) => type.name === 'super' && keys.includes(name));
  if (key) throw new RedshiftError(`ERROR: SUPER column "${key.name}" cannot be a DISTKEY or a SORTKEY`);
}
