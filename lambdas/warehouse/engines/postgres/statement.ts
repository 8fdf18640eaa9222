/** One statement on a connection. */
import pg from 'pg';
import type { Query, Rows } from '#lambdas/warehouse/session.ts';
import { SluiceError } from '#lib/contract/errors.ts';
import { replaceNames } from '#lib/sql/statements.ts';
import type { Client } from './connection.ts';
import { lostConnection, statementFailure } from './errors.ts';

/**
 * Runs one statement, and gives its rows with the columns in their order.
 * @throws Transient | Terminal
 */
export async function execute(client: Client, { doing, sql, parameters = {} }: Query): Promise<Rows> {
  const bound = bindNames(sql, parameters);
  const { fields, rows, rowCount } = await named(doing, sql, () => client.query({ ...bound, rowMode: 'array' }));
  return { columns: fields.map(({ name }) => name), rows, changed: rowCount ?? 0 };
}

/** A place of its own for each value where its name stands: the type of a place is what stands around it. */
export function bindNames(sql: string, parameters: Readonly<Record<string, string>>) {
  const values: string[] = [];
  const text = replaceNames(sql, (name) => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    return value === undefined ? undefined : `$${values.push(value)}`;
  });
  return { text, values };
}

/** @throws Transient | Terminal in place of what the driver throws */
export async function named<T>(doing: string, sql: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    // After a fatal error the connection is gone, and nobody knows what took effect.
    if (!(error instanceof pg.DatabaseError) || error.severity === 'FATAL') throw lostConnection(doing, error as Error);
    throw statementFailure(doing, { sql, code: error.code ?? '', message: error.message });
  }
}
