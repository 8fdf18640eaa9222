/** SQL through the Redshift Data API. */
import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  type DescribeStatementResponse,
  ExecuteStatementCommand,
  type Field,
  GetStatementResultCommand,
  type GetStatementResultResponse,
  type RedshiftDataClient,
  type SqlParameter,
  type SubStatementData,
} from '@aws-sdk/client-redshift-data';
import { Again, Terminal } from '#lib/contract/errors.ts';
import type { Value } from '#lib/sql/quoting.ts';
import { callFailure, statementFailure } from './errors.ts';

interface Statement {
  /** For messages, as the beginning of a sentence: `Copying 3 files into "a"."b"`. */
  readonly doing: string;
  /** Values of the `:name`s. An empty text cannot be bound. Each must occur in the text. */
  readonly parameters?: Readonly<Record<string, string>>;
}
interface Query extends Statement {
  readonly sql: string;
}
interface Batch extends Statement {
  readonly sqls: readonly string[];
  /** Names this batch, 64 characters at the most: sent twice under one token, it runs once. */
  readonly token?: string;
}
export type Row = Readonly<Record<string, Value>>;

/**
 * All wait until the statement ends.
 * @throws Again where the function's time ends first: the next attempt attaches by the token
 * @throws Transient | Terminal where it fails, as errors.ts says
 */
export interface Warehouse {
  /** Runs the statements in one transaction, and gives the rows that each changed or gave. */
  run(batch: Batch): Promise<number[]>;
  /** The rows of one query. */
  query(query: Query): Promise<Row[]>;
  /** Runs the statements in one transaction, and gives the last one's first value; undefined where it gives no row. */
  value(batch: Batch): Promise<Value | undefined>;
}

interface Target {
  readonly WorkgroupName: string;
  readonly Database: string;
  /** Of the user's secret. */
  readonly SecretArn: string;
}
export interface Deps {
  readonly client: Pick<RedshiftDataClient, 'send'>;
  readonly target: Target;
  /** Milliseconds until the function is ended. */
  readonly remaining: () => number;
}

/** What the Data API takes in one transaction. */
const MAX_BATCH = 40;
const LONGEST_WAIT_S = 20;
/** Left at the end of a function's time for its own answer. */
const RESERVE_MS = 10_000;

export const redshift = (deps: Deps): Warehouse => ({
  run: async (batch) => (await run(deps, batch)).map(({ ResultRows = 0 }) => Math.max(ResultRows, 0)),
  query: (query) => rowsOf(deps, query),
  value: (batch) => firstValue(deps, batch),
});

async function run(deps: Deps, { doing, sqls, parameters, token }: Batch): Promise<SubStatementData[]> {
  if (sqls.length > MAX_BATCH) {
    throw new Terminal(
      `${doing}: ${sqls.length} statements; Redshift takes ${MAX_BATCH} in one transaction. Split them.`,
    );
  }
  const { Id } = await calling(doing, () =>
    deps.client.send(
      new BatchExecuteStatementCommand({
        ...deps.target,
        Sqls: [...sqls],
        ...bound(parameters),
        ...(token === undefined ? {} : { ClientToken: token }),
      }),
    ),
  );
  const { SubStatements = [] } = await ended(deps, doing, Id);
  return SubStatements;
}

async function firstValue(deps: Deps, batch: Batch): Promise<Value | undefined> {
  const last = (await run(deps, batch)).at(-1);
  if (!last?.HasResultSet) throw new Terminal(`${batch.doing}: its last statement is no query, and gives no value.`);
  const { Records = [] } = await calling(batch.doing, () =>
    deps.client.send(new GetStatementResultCommand({ Id: last.Id })),
  );
  return Records[0] && fieldValue(Records[0][0]);
}

async function rowsOf(deps: Deps, { doing, sql, parameters }: Query): Promise<Row[]> {
  const { Id } = await calling(doing, () =>
    deps.client.send(new ExecuteStatementCommand({ ...deps.target, Sql: sql, ...bound(parameters) })),
  );
  await ended(deps, doing, Id);
  const rows: Row[] = [];
  for (let NextToken: string | undefined, more = true; more; more = NextToken !== undefined) {
    const page: GetStatementResultResponse = await calling(doing, () =>
      deps.client.send(new GetStatementResultCommand({ Id, NextToken })),
    );
    const columns = page.ColumnMetadata?.map(({ name }) => name ?? '') ?? [];
    for (const fields of page.Records ?? []) {
      rows.push(Object.fromEntries(columns.map((column, at) => [column, fieldValue(fields[at])])));
    }
    NextToken = page.NextToken;
  }
  return rows;
}

/** Empty lists are refused by the Data API. */
function bound(parameters: Statement['parameters'] = {}): { Parameters?: SqlParameter[] } {
  const Parameters = Object.entries(parameters).map(([name, value]) => ({ name, value }));
  return Parameters.length > 0 ? { Parameters } : {};
}

async function ended(deps: Deps, doing: string, Id: string | undefined): Promise<DescribeStatementResponse> {
  for (;;) {
    const WaitTimeSeconds = Math.min(LONGEST_WAIT_S, Math.floor((deps.remaining() - RESERVE_MS) / 1000));
    if (WaitTimeSeconds < 1) {
      throw new Again(`${doing}: statement ${Id} still runs and the function's time ends; the next attempt waits on.`);
    }
    const statement = await calling(doing, () =>
      deps.client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds })),
    );
    if (statement.Status === 'FINISHED') return statement;
    if (statement.Status === 'FAILED' || statement.Status === 'ABORTED') throw statementFailure(doing, statement);
  }
}

async function calling<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw callFailure(doing, error);
  }
}

function fieldValue(field: Field | undefined): Value {
  if (!field || field.isNull) return null;
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? null;
}
