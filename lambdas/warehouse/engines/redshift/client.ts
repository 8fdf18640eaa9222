/** SQL through the Redshift Data API. */
import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  type DescribeStatementResponse,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  type GetStatementResultResponse,
  type RedshiftDataClient,
  type SqlParameter,
  type SubStatementData,
} from '@aws-sdk/client-redshift-data';
import type { Batch, Query, Row, Rows, Session } from '#lambdas/warehouse/session.ts';
import { Again, Terminal } from '#lib/contract/errors.ts';
import type { Value } from '#lib/sql/quoting.ts';
import { callFailure, statementFailure } from './errors.ts';
import { fieldValue, withExactNumbers } from './exact-numbers.ts';

interface Target {
  readonly WorkgroupName: string;
  readonly Database: string;
  /** Of the user's secret. */
  readonly SecretArn: string;
}
/** A workgroup as one user. */
export interface DataApi {
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

export const dataApi = (api: DataApi): Session => ({
  run: async (batch) => (await run(api, batch)).map(({ ResultRows = 0 }) => Math.max(ResultRows, 0)),
  query: (question) => query(api, question),
  value: (batch) => firstValue(api, batch),
});

async function run(api: DataApi, { doing, sqls, parameters, token }: Batch): Promise<SubStatementData[]> {
  if (sqls.length > MAX_BATCH) {
    throw new Terminal(
      `${doing}: ${sqls.length} statements; Redshift takes ${MAX_BATCH} in one transaction. Split them.`,
    );
  }
  const { Id } = await calling(doing, () =>
    api.client.send(
      new BatchExecuteStatementCommand({
        ...api.target,
        Sqls: [...sqls],
        ...bound(parameters),
        ...(token === undefined ? {} : { ClientToken: token }),
      }),
    ),
  );
  const { SubStatements = [] } = await ended(api, doing, Id);
  return SubStatements;
}

async function firstValue(api: DataApi, batch: Batch): Promise<Value | undefined> {
  const last = (await run(api, batch)).at(-1);
  if (!last?.HasResultSet) throw new Terminal(`${batch.doing}: its last statement is no query, and gives no value.`);
  const { Records = [] } = await calling(batch.doing, () =>
    api.client.send(withExactNumbers(new GetStatementResultCommand({ Id: last.Id }))),
  );
  return Records[0] && fieldValue(Records[0][0]);
}

/** Runs one statement, and gives its rows with the columns in their order. */
export async function execute(api: DataApi, { doing, sql, parameters }: Query): Promise<Rows> {
  const { Id } = await calling(doing, () =>
    api.client.send(new ExecuteStatementCommand({ ...api.target, Sql: sql, ...bound(parameters) })),
  );
  const { HasResultSet, ResultRows = 0 } = await ended(api, doing, Id);
  return HasResultSet ? resultOf(api, doing, Id) : { columns: [], rows: [], changed: Math.max(ResultRows, 0) };
}

async function resultOf(api: DataApi, doing: string, Id: string | undefined): Promise<Rows> {
  const rows: Value[][] = [];
  let columns: string[] = [];
  for (let NextToken: string | undefined, more = true; more; more = NextToken !== undefined) {
    const page: GetStatementResultResponse = await calling(doing, () =>
      api.client.send(withExactNumbers(new GetStatementResultCommand({ Id, NextToken }))),
    );
    columns = page.ColumnMetadata?.map(({ label, name }) => label ?? name ?? '') ?? columns;
    rows.push(...(page.Records ?? []).map((record) => record.map(fieldValue)));
    NextToken = page.NextToken;
  }
  return { columns, rows };
}

async function query(api: DataApi, question: Query): Promise<Row[]> {
  const { columns, rows } = await execute(api, question);
  return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null])));
}

/** Empty lists are refused by the Data API. */
function bound(parameters: Query['parameters'] = {}): { Parameters?: SqlParameter[] } {
  const Parameters = Object.entries(parameters).map(([name, value]) => ({ name, value }));
  return Parameters.length > 0 ? { Parameters } : {};
}

async function ended(api: DataApi, doing: string, Id: string | undefined): Promise<DescribeStatementResponse> {
  for (;;) {
    const WaitTimeSeconds = Math.min(LONGEST_WAIT_S, Math.floor((api.remaining() - RESERVE_MS) / 1000));
    if (WaitTimeSeconds < 1) {
      throw new Again(`${doing}: statement ${Id} still runs and the function's time ends; the next attempt waits on.`);
    }
    const statement = await calling(doing, () =>
      api.client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds })),
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
