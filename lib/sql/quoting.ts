/** The only two ways in which a name or a value becomes text of a statement. */
import { Terminal } from '../contract/errors.ts';

/** A name, quoted: `"airflow-plugins_issues"`. A dot in it is part of the name. */
export const identifier = (name: string): string => `"${refuseNul(name).replaceAll('"', '""')}"`;

/** A table by its declared name, `<schema>.<table>`, quoted: `"github_data"."airflow-plugins_issues"`. */
export function tableName(declared: string): string {
  const { schema, table } = splitName(declared);
  return `${identifier(schema)}.${identifier(table)}`;
}

/** @throws Terminal where the name has no schema */
export function splitName(declared: string): { schema: string; table: string } {
  const dot = declared.indexOf('.');
  if (dot < 1 || dot === declared.length - 1) {
    throw new Terminal(`The table name "${declared}" has no schema. Write it as <schema>.<table> in tables.ts.`);
  }
  return { schema: declared.slice(0, dot), table: declared.slice(dot + 1) };
}

/** An integer beyond 2^53 is a bigint. */
export type Value = string | number | bigint | boolean | null;

/**
 * A value, for the places where Redshift takes no parameter (DDL, COPY, an empty string, null). A backslash is written
 * as CHR(92): Redshift reads it as an escape inside quotes, other databases do not.
 */
export function literal(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value !== 'string') return String(value);
  const quoted = `'${refuseNul(value).replaceAll("'", "''").replaceAll('\\', "' || CHR(92) || '")}'`;
  return value.includes('\\') ? `(${quoted})` : quoted;
}

function refuseNul(text: string): string {
  if (!text.includes('\0')) return text;
  throw new Terminal(`${JSON.stringify(text.slice(0, 60))} holds a NUL character, which Redshift cannot store.`);
}
