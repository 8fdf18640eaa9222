/** What a failed statement or a refused call means for the task: retry it, or change something first. */
import type { DescribeStatementResponse } from '@aws-sdk/client-redshift-data';
import { StatementFailed } from '#lambdas/warehouse/session.ts';
import { type SluiceError, Terminal, Transient } from '#lib/contract/errors.ts';
import { withoutValues } from '#lib/sql/statements.ts';

/**
 * Serialization (1018, 1023), locks, a cancelled query, lost connections, and a workgroup that is paused or full. Whole
 * phrases: a word of them may be in anybody's name for a column.
 */
const PASSING = [
  /^(?:error:\s*)?10(?:18|23)\b/,
  /\bserializable isolation violation\b|\bcould not serialize access\b|\btuple concurrently (?:updated|deleted)\b/,
  /\bdeadlock detected\b|\bcould not obtain lock\b|\block timeout exceeded\b/,
  /\bquery (?:\(\d+\) )?cancell?ed\b|\bcancell?ing (?:statement|query)\b|\bcurrent transaction is aborted\b/,
  /\b(?:connection|query|request|operation|statement) timed out\b/,
  /\bconnection (?:was |is |has been )?(?:refused|reset|closed|terminated|lost)\b/,
  /\b(?:terminating|closed the) connection\b|\btoo many connections\b|\bremaining connection slots\b|\b(?:could not|unable to|failed to) connect\b/,
  /\b(?:is|being) (?:currently )?(?:paused|pausing|resumed|resuming)\b|\bout of memory\b|\bdisk full\b/,
];
/** Two transactions made the same thing at once; the next attempt finds it. Otherwise the statement is at fault. */
const RACE = /\b(?:relation|column|schema)\s+already exists\b/;
const MAY_RACE = /\bif not exists\b|\badd column\b/i;

/** From the first quote of a kind to the last: a value in a message may have quotes of its own. */
const IN_QUOTES = /"(?:[\s\S]*"|[\s\S]*$)|(?<!\w)'(?:[\s\S]*'|[\s\S]*$)/g;

function isPassing(found: string, sql = ''): boolean {
  const words = found.replace(IN_QUOTES, ' ').toLowerCase();
  return PASSING.some((phrase) => phrase.test(words)) || (MAY_RACE.test(sql) && RACE.test(words));
}

/** @param doing what was being done, as the beginning of a sentence: `Copying 3 files into "a"."b"` */
export function statementFailure(doing: string, statement: DescribeStatementResponse): SluiceError {
  const failed = statement.SubStatements?.find(({ Status }) => Status === 'FAILED' || Status === 'ABORTED');
  const sql = brief(withoutValues(failed?.QueryString ?? statement.QueryString ?? ''));
  const found = (failed?.Error ?? statement.Error ?? `its status is ${statement.Status}`).trim();
  const cause = new StatementFailed(`statement ${statement.Id} (${statement.Status}): ${found}`, found);
  const message = `${doing}: "${sql}" failed: ${found}`;
  if (statement.Status === 'ABORTED' || isPassing(found, sql)) return new Transient(message, { cause });
  return new Terminal(`${message}. ${adviceFor(sql)}`, { cause });
}

const brief = (sql: string) => sql.replace(/\s+/g, ' ').trim().slice(0, 160);

function adviceFor(sql: string): string {
  if (/^copy\b/i.test(sql)) {
    return 'The rows at fault: select * from sys_load_error_detail order by start_time desc limit 10.';
  }
  return 'Correct the statement, the table or its declaration, then run again; nothing was changed.';
}

const PASSING_CALLS = new Set([
  'ThrottlingException',
  'ActiveStatementsExceededException',
  'ActiveSessionsExceededException',
  'ActiveWaitingRequestsExceededException',
  'InternalServerException',
  'ExecuteStatementException',
  'BatchExecuteStatementException',
  'DatabaseConnectionException',
  'QueryTimeoutException',
]);

/** Of a call that the Data API refused. Anything that is not the Data API's own (a lost connection) is given back. */
export function callFailure(doing: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const message = `${doing}: the Redshift Data API answered ${error.name}: ${error.message}`;
  if (PASSING_CALLS.has(error.name)) return new Transient(message, { cause: error });
  if (error.name === 'ValidationException' && isPassing(error.message)) return new Transient(message, { cause: error });
  if (error.name !== 'ValidationException' && error.name !== 'AccessDeniedException') return error;
  return new Terminal(`${message}. Check the function's rights, the workgroup, the database and the secret.`, {
    cause: error,
  });
}
