/**
 * Batches. Under a token a batch runs once, whoever sends it how often: how it ended lies in `sluice.batches`, written in
 * its own transaction, also where it failed. So it is with Redshift's Data API, and what a claim means rests on it.
 */
import type { Batch, Rows } from '#lambdas/warehouse/session.ts';
import type { Client } from './connection.ts';
import { postgresDialect } from './dialect.ts';
import { type Failure, PostgresFailure, statementFailure } from './errors.ts';
import { execute } from './statement.ts';

export type Step = (client: Client) => Promise<Rows>;

/** What is kept of a batch that ended: how many rows each step changed or gave, or why it failed. */
type Ended = { readonly changed: readonly number[] } | { readonly failure: Failure };

const BATCHES = `CREATE TABLE IF NOT EXISTS sluice.batches (
  token varchar(64) PRIMARY KEY,
  ended text NOT NULL,
  ended_at timestamp NOT NULL
)`;

/** Runs the steps in one transaction, and gives the rows that each changed or gave. */
export const transact = (client: Client, { doing, token }: Pick<Batch, 'doing' | 'token'>, steps: readonly Step[]) =>
  inTransaction(client, doing, async () => {
    const all = () => changedBy(client, steps);
    return token === undefined ? all() : once(client, { doing, token }, all);
  });

export async function inTransaction<T>(client: Client, doing: string, work: () => Promise<T>): Promise<T> {
  await execute(client, { doing, sql: 'BEGIN' });
  try {
    const done = await work();
    await execute(client, { doing, sql: 'COMMIT' });
    return done;
  } catch (error) {
    // Where the connection is lost the server does it.
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

async function changedBy(client: Client, steps: readonly Step[]): Promise<number[]> {
  const changed: number[] = [];
  for (const step of steps) changed.push((await step(client)).changed ?? 0);
  return changed;
}

async function once(
  client: Client,
  { doing, token }: Required<Pick<Batch, 'doing' | 'token'>>,
  work: () => Promise<number[]>,
) {
  const run = (sql: string, parameters = {}) => execute(client, { doing, sql, parameters });
  await run(postgresDialect.createSchema('sluice'));
  await run(BATCHES);
  // Until this transaction ends: another one with the token waits here, and finds how this one ended.
  await run('SELECT pg_advisory_xact_lock(hashtextextended(:token, 0))', { token });
  const [found] = (await run('SELECT ended FROM sluice.batches WHERE token = :token', { token })).rows;
  if (found) return changedOf(doing, JSON.parse(String(found[0])));
  const keep = (ended: Ended) =>
    run(`INSERT INTO sluice.batches VALUES (:token, :ended, ${postgresDialect.now})`, {
      token,
      ended: JSON.stringify(ended),
    });
  await run('SAVEPOINT batch');
  try {
    const changed = await work();
    await keep({ changed });
    return changed;
  } catch (error) {
    const failure = error instanceof Error && error.cause instanceof PostgresFailure ? error.cause.failure : undefined;
    if (failure === undefined) throw error;
    await run('ROLLBACK TO SAVEPOINT batch');
    await keep({ failure });
    await run('COMMIT');
    throw error;
  }
}

function changedOf(doing: string, ended: Ended): number[] {
  if ('failure' in ended) throw statementFailure(doing, ended.failure);
  return [...ended.changed];
}
