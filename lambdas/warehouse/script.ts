/** A SQL file as the statements of one transaction, with its relations in place and its values to bind. */

import { Terminal } from '#lib/contract/errors.ts';
import type { TableDeclaration } from '#lib/contract/table.ts';
import { identifier, literal, tableName, type Value } from '#lib/sql/quoting.ts';
import { replaceNames, statements } from '#lib/sql/statements.ts';

export interface Script {
  readonly sql: string;
  readonly params?: Readonly<Record<string, Value>> | undefined;
  /** Tables that the file reads as one. */
  readonly relations?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Of the pipeline. */
  readonly tables: readonly TableDeclaration[];
}

/** As a batch takes it. */
export interface Bound {
  readonly sqls: string[];
  readonly parameters: Record<string, string>;
}

/**
 * Synth has held the file's `:name`s against the task. Null and the empty text cannot be bound, and are constants.
 * @throws Terminal where a relation's table is not declared
 */
export function bind({ sql, params = {}, relations = {}, tables }: Script): Bound {
  const bindable = ([, value]: [string, Value]) => value !== null && value !== '';
  const constants = Object.entries(params).filter((param) => !bindable(param));
  const texts = new Map([
    ...constants.map(([name, value]) => [name, literal(value)] as const),
    ...Object.entries(relations).map(([name, of]) => [name, unionOf(of, tables)] as const),
  ]);
  const values = Object.entries(params).filter(bindable);
  return {
    sqls: statements(sql).map((statement) => replaceNames(statement, (name) => texts.get(name))),
    parameters: Object.fromEntries(values.map(([name, value]) => [name, String(value)])),
  };
}

/** With the columns by name: tables of one declaration that grew at different times have them in different order. */
function unionOf(of: readonly string[], tables: readonly TableDeclaration[]): string {
  const columns = columnsOf(of[0] ?? '', tables)
    .map(identifier)
    .join(', ');
  return `(${of.map((table) => `SELECT ${columns} FROM ${tableName(table)}`).join(' UNION ALL ')})`;
}

function columnsOf(name: string, tables: readonly TableDeclaration[]): string[] {
  const all = tables.flatMap((table) => [table, ...table.children]);
  const table = all.find((declared) => declared.name === name);
  if (table) return table.columns.map((column) => column.name);
  const known = all.map((declared) => declared.name).join(', ') || 'none';
  throw new Terminal(`The pipeline declares no table '${name}' (it has: ${known}). Declare it in its tables.ts.`);
}
