/** What a failed statement or a refused connection means for the task: retry it, or change something first. */
import { StatementFailed } from '#lambdas/warehouse/session.ts';
import { type SluiceError, Terminal, Transient } from '#lib/contract/errors.ts';
import { withoutValues } from '#lib/sql/statements.ts';
import { isAurora, type Server } from './server.ts';

/** What the server says of a statement: `code` is its SQLSTATE. */
export interface Failure {
  readonly sql: string;
  readonly code: string;
  readonly message: string;
}

/**
 * Classes of SQLSTATE that may pass by themselves: connections, rollbacks (serialization, deadlocks), resources,
 * operators' interventions (shutdown, a statement that was cancelled), the system, the server's own faults.
 */
const PASSING_CLASSES = ['08', '40', '53', '57', '58', 'XX'];
/** A transaction that stood still, an object in use, a lock, a server that only reads since another one took over. */
const PASSING_CODES = ['25P03', '55006', '55P03', '25006'];
/**
 * Those of a passing class that stay: a `$1` in the SQL that nothing is bound to, a file or an extension that the server
 * does not have, a database that was dropped, data or an index that is damaged.
 */
const LASTING_CODES = ['08P01', '58P01', '57P04', 'XX001', 'XX002'];

/** Two transactions made the same thing at once; the next attempt finds it. Otherwise the statement is at fault. */
const RACE = ['23505', '42P06', '42P07', '42701', '42710'];
const MAY_RACE = /\bif not exists\b|\badd column\b/i;

const isPassing = ({ code, sql }: Failure): boolean =>
  (PASSING_CLASSES.includes(code.slice(0, 2)) && !LASTING_CODES.includes(code)) ||
  PASSING_CODES.includes(code) ||
  (RACE.includes(code) && MAY_RACE.test(sql));

/** The cause of what leaves the Lambda, which says the same again to whoever sends the batch again. */
export class PostgresFailure extends StatementFailed {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`${failure.message} (SQLSTATE ${failure.code})`, failure.message);
    this.failure = failure;
  }
}

/** @param doing what was being done, as the beginning of a sentence: `Copying 3 files into "a"."b"` */
export function statementFailure(doing: string, failure: Failure): SluiceError {
  const { code, message: found } = failure;
  const sql = withoutValues(failure.sql).replace(/\s+/g, ' ').trim().slice(0, 160);
  const cause = new PostgresFailure(failure);
  const message = `${doing}: "${sql}" failed: ${found} (SQLSTATE ${code})`;
  if (isPassing(failure)) return new Transient(message, { cause });
  return new Terminal(
    `${message}. ${ADVICE[code] ?? 'Correct the statement, the table or its declaration'}, then run \
again; nothing was changed.`,
    { cause },
  );
}

const ADVICE: Readonly<Record<string, string>> = {
  '42501': "Grant the connection's user the right that it lacks, or make it the owner",
  '23505': 'The table holds one row a key, and would hold two: correct what else writes it, or its primary key',
};

/** The server is there and refuses this user, this password or this database. */
export const isRefusal = (error: unknown): boolean => /^(?:28|3D)/.test(codeOf(error));

/** Nobody is there, or not at once: an address that may be an old one. */
export const isUnreachable = (error: unknown): boolean =>
  ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ETIMEDOUT'].includes(codeOf(error));

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** Of a connection that could not be made. */
export function connectFailure(doing: string, server: Server, error: Error): SluiceError {
  const { host, port, dbname, username } = server;
  const message = `${doing}: connecting to ${dbname} at ${host}:${port} as ${username}: ${error.message || codeOf(error)}`;
  const advice = adviceFor(error, server);
  if (advice === undefined) return new Transient(message, { cause: error });
  return new Terminal(`${message}. ${advice}`, { cause: error });
}

function adviceFor(error: Error, server: Server): string | undefined {
  if (isRefusal(error) && isAurora(server))
    return 'Deploy the platform stack and the pipeline again: they make the user, and the right to log in as it.';
  if (isRefusal(error))
    return 'Set the connection with the right user, password and database: npx sluice connection set.';
  if (/does not support SSL/.test(error.message))
    return 'Switch TLS on in the server, or set sslmode to disable in the connection where the network is your own.';
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(codeOf(error)))
    return 'Give the server a certificate of its name, or set sslmode to require in the connection, which trusts any.';
  return undefined;
}

/** Of a connection that was lost meanwhile: whether the statement took effect is not known. */
export const lostConnection = (doing: string, error: Error): Transient =>
  new Transient(`${doing}: the connection to PostgreSQL was lost: ${error.message || codeOf(error)}`, { cause: error });
