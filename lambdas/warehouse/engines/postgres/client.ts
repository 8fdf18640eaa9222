/** SQL through the connection of a Lambda. */
import type { Batch, Query, Row, Rows, Session } from '#lambdas/warehouse/session.ts';
import { Terminal } from '#lib/contract/errors.ts';
import type { Value } from '#lib/sql/quoting.ts';
import type { Access, Client, Connection } from './connection.ts';
import { execute } from './statement.ts';
import { inTransaction, type Step, transact } from './transaction.ts';

/** A server through the connection to it. */
export interface Postgres extends Access {
  readonly connection: Connection;
}

export const session = (postgres: Postgres): Session => ({
  run: (batch) => run(postgres, batch, batch.sqls.map(stepOf(batch))),
  query: (question) => query(postgres, question),
  value: (batch) => lastValue(postgres, batch),
});

/** Runs steps in one transaction. */
export const run = (postgres: Postgres, batch: Pick<Batch, 'doing' | 'token'>, steps: readonly Step[]) =>
  postgres.connection.hold(postgres, batch.doing, (client) => transact(client, batch, steps));

export const stepOf =
  ({ doing, parameters = {} }: Pick<Batch, 'doing' | 'parameters'>) =>
  (sql: string): Step =>
  (client) =>
    execute(client, { doing, sql, parameters });

async function query(postgres: Postgres, question: Query): Promise<Row[]> {
  const { connection } = postgres;
  const { columns, rows } = await connection.hold(postgres, question.doing, (client) => execute(client, question));
  return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null])));
}

async function lastValue(postgres: Postgres, { doing, sqls, parameters = {} }: Batch): Promise<Value | undefined> {
  const last = await postgres.connection.hold(postgres, doing, (client) =>
    inTransaction(client, doing, async () => {
      let rows: Rows = { columns: [], rows: [] };
      for (const sql of sqls) rows = await execute(client, { doing, sql, parameters });
      return rows;
    }),
  );
  if (last.columns.length === 0) throw new Terminal(`${doing}: its last statement is no query, and gives no value.`);
  return last.rows[0]?.[0];
}

/** Runs one statement for a person; where it may not change anything, the server sees to that. */
export function ask(postgres: Postgres, { mayChange, ...question }: Query & { mayChange: boolean }): Promise<Rows> {
  const carryOut = (client: Client) =>
    inTransaction(client, question.doing, async () => {
      if (!mayChange) await execute(client, { ...question, sql: 'SET TRANSACTION READ ONLY' });
      return execute(client, question);
    });
  return postgres.connection.hold(postgres, question.doing, carryOut);
}
