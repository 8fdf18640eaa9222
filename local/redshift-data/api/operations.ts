/** The operations of the Redshift Data API, by their names in it. */
import type * as z from 'zod';
import { DataApiError } from '../errors.ts';
import { described, describedPart, listed } from './descriptions.ts';
import { type ExecutionDeps, Executions } from './execution.ts';
import { listings } from './listings.ts';
import { page } from './paging.ts';
import * as requests from './requests.ts';
import { parseRequest } from './requests.ts';
import type { StatementRecord, StatementRecords } from './statement-records.ts';

type OperationName =
  | 'ExecuteStatement'
  | 'BatchExecuteStatement'
  | 'DescribeStatement'
  | 'GetStatementResult'
  | 'CancelStatement'
  | 'ListStatements'
  | 'ListDatabases'
  | 'ListSchemas'
  | 'ListTables'
  | 'DescribeTable';
/** Input and output in the API's own casing, timestamps as Date, integers beyond 2^53 as JSON.rawJSON. */
export type Operations = Readonly<Record<OperationName, (input: unknown) => Promise<Record<string, unknown>>>>;

const RECORDS_PER_PAGE = 1000;
const STATEMENTS_PER_PAGE = 100;

export function dataApi(deps: ExecutionDeps): { operations: Operations; end: () => Promise<void> } {
  const executions = new Executions(deps);
  const { records } = executions;
  const operations: Operations = {
    ExecuteStatement: async (input) => executions.execute(parseRequest(requests.executeStatement, input)),
    BatchExecuteStatement: async (input) =>
      executions.executeBatch(parseRequest(requests.batchExecuteStatement, input)),
    DescribeStatement: (input) => describe(records, input),
    GetStatementResult: (input) => result(records, input),
    CancelStatement: async (input) => cancel(records, input),
    ListStatements: async (input) => list(records, input),
    ...listings(deps),
  };
  return { operations, end: () => executions.end() };
}

async function describe(records: StatementRecords, input: unknown) {
  const { Id, WaitTimeSeconds } = parseRequest(requests.describeStatement, input);
  const { record, part } = records.find(Id);
  await record.wait(WaitTimeSeconds);
  return part ? { ...record.echo, ...describedPart(record, part) } : described(record);
}

async function result(records: StatementRecords, input: unknown) {
  const { Id, NextToken, WaitTimeSeconds } = parseRequest(requests.getStatementResult, input);
  const { record, part } = records.find(Id);
  await record.wait(WaitTimeSeconds);
  const set = (part ?? (record.isBatch ? undefined : record.parts[0]))?.result;
  if (!set || !record.hasEnded) {
    const text = 'Query does not have result. Please check query status with DescribeStatement.';
    throw new DataApiError('ResourceNotFoundException', text);
  }
  const { items, next } = page(set.records, { token: NextToken, size: RECORDS_PER_PAGE });
  return { Records: items, ColumnMetadata: set.columns, TotalNumRows: set.records.length, ...next };
}

function cancel(records: StatementRecords, input: unknown) {
  const { record } = records.find(parseRequest(requests.statementId, input).Id);
  if (record.hasEnded) {
    throw new DataApiError(
      'ValidationException',
      `Could not cancel a query that is already in ${record.status} state.`,
    );
  }
  record.cancel();
  return { Status: true };
}

function list(records: StatementRecords, input: unknown) {
  const { NextToken, MaxResults, ...filter } = parseRequest(requests.listStatements, input);
  const { items, next } = page(
    records.all().filter((record) => matches(record, filter)),
    { token: NextToken, size: MaxResults || STATEMENTS_PER_PAGE },
  );
  return { Statements: items.map(listed), ...next };
}

type Filter = z.output<typeof requests.listStatements>;
function matches(record: StatementRecord, { StatementName, Status, Database, WorkgroupName }: Filter): boolean {
  if (StatementName !== undefined && !record.name?.startsWith(StatementName)) return false;
  if (Status !== undefined && Status !== 'ALL' && record.status !== Status) return false;
  if (Database !== undefined && record.echo['Database'] !== Database) return false;
  return WorkgroupName === undefined || record.echo['WorkgroupName'] === WorkgroupName;
}
