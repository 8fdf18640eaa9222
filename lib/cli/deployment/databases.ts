/** The PostgreSQL databases that connections lead to. */
import { join } from 'node:path';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { ask } from '#lambdas/warehouse/engines/postgres/client.ts';
import { Connection } from '#lambdas/warehouse/engines/postgres/connection.ts';
import { serverSecret } from '#lambdas/warehouse/engines/postgres/server.ts';
import { type Rows, StatementFailed } from '#lambdas/warehouse/session.ts';
import { SluiceError } from '#lib/contract/errors.ts';
import { EmbeddedAwsError, startPostgres } from '#local/index.ts';
import { UsageError } from '../errors.ts';
import type { Deployment } from './deployment.ts';
import { endAll } from './ends.ts';
import type { Opened } from './open.ts';
import { STATE } from './place.ts';
import { NOT_SET, replaceSecret } from './source-secrets.ts';

/**
 * Leads connections that are not set to databases of this machine, each to one of its own, where this process serves the
 * embedded AWS.
 *
 * @param names of connections to PostgreSQL; without them, those of all pipelines
 * @returns what ends the databases' server; what they hold stays
 * @throws UsageError where the server does not start
 */
export async function serveDatabases({ kind, deployment }: Opened, names = databasesOf(deployment)) {
  const closes: (() => Promise<void>)[] = [];
  const close = () => endAll(closes.toReversed());
  const isUnset = async (name: string) => (await readSecret(deployment, name)) === NOT_SET;
  const known = databasesOf(deployment).filter((name) => names.includes(name));
  const unset = kind === 'embedded' ? await filter(known, isUnset) : [];
  if (unset.length === 0) return close;
  try {
    const server = await startPostgres(join(STATE, 'postgres'));
    closes.push(() => server.close());
    for (const name of unset) {
      const address = await server.database(name);
      closes.push(await replaceSecret(deployment, name, { ...address, sslmode: 'disable' }));
    }
  } catch (error) {
    await close();
    throw error instanceof EmbeddedAwsError ? new UsageError(error.message) : error;
  }
  return close;
}

const databasesOf = ({ pipelines }: Deployment): string[] => [
  ...new Set(pipelines.flatMap(({ databases }) => databases)),
];

async function filter<T>(all: readonly T[], isWanted: (one: T) => Promise<boolean>): Promise<T[]> {
  const wanted = await Promise.all(all.map(isWanted));
  return all.filter((_, at) => wanted[at]);
}

/** What a statement for a database says of itself. */
export interface Question {
  readonly connection: string;
  readonly sql: string;
  /** Otherwise the server refuses what changes anything. */
  readonly mayChange: boolean;
}

/**
 * The rows that a statement gives, as the connection's user sees them.
 * @throws UsageError where there is no such connection, or the server refuses the statement
 */
export async function askDatabase(deployment: Deployment, { connection: name, ...question }: Question): Promise<Rows> {
  const known = databasesOf(deployment);
  if (!known.includes(name))
    throw new UsageError(
      `There is no PostgreSQL connection '${name}' in ${deployment.name}. It has: ${known.join(', ') || 'none'}.`,
    );
  if (deployment.pipelines.every(({ connections }) => connections[name] === undefined))
    throw new UsageError(
      `The connection '${name}' leads to Aurora of the deployment's own, which only functions in its network reach: ` +
        "ask it in the query editor of RDS's console, as its administrator.",
    );
  const server = serverSecret.safeParse(JSON.parse(await readSecret(deployment, name)));
  if (!server.success)
    throw new UsageError(
      `The connection '${name}' is not set, or wrong: npx sluice connection set ${name} '{"host":"…"}'.`,
    );
  const connection = new Connection();
  const access = { server: async () => server.data, remaining: () => Number.POSITIVE_INFINITY };
  try {
    return await ask({ connection, ...access }, { doing: `Asking the connection '${name}'`, ...question });
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    throw new UsageError(error.cause instanceof StatementFailed ? error.cause.reason : error.message);
  } finally {
    await connection.end();
  }
}

async function readSecret({ aws, pipelines }: Deployment, connection: string): Promise<string> {
  const SecretId = pipelines.flatMap(({ connections }) => connections[connection] ?? [])[0];
  const { SecretString = NOT_SET } = await aws.secrets.send(new GetSecretValueCommand({ SecretId }));
  return SecretString;
}
