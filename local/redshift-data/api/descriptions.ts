/** Records in the API's shapes. */
import type { Part, StatementRecord } from './statement-records.ts';

const NANOSECONDS = 1_000_000;
const UNKNOWN = -1;

export const described = (record: StatementRecord): Record<string, unknown> => ({
  ...record.echo,
  Id: record.id,
  CreatedAt: record.createdAt,
  UpdatedAt: record.updatedAt,
  Status: record.status,
  HasResultSet: record.hasResultSet,
  Duration: record.parts.reduce((sum, part) => sum + Math.max(durationOf(part), 0), 0),
  ...(record.error !== undefined && { Error: record.error }),
  ...(record.isBatch ? ofBatch(record) : ofPart(record.parts[0] as Part)),
});

const ofBatch = (record: StatementRecord) => ({
  ResultRows: record.parts.at(-1)?.rows ?? UNKNOWN,
  ResultSize: record.parts.at(-1)?.result?.bytes ?? UNKNOWN,
  RedshiftQueryId: 0,
  SubStatements: record.parts.map((part, index) => describedPart(record, part, index)),
});

const ofPart = (part: Part) => ({
  QueryString: part.sql,
  ResultRows: part.rows,
  ResultSize: sizeOf(part),
  RedshiftQueryId: part.queryId,
});

export const describedPart = (record: StatementRecord, part: Part, index = record.parts.indexOf(part)) => ({
  ...ofPart(part),
  Id: `${record.id}:${index + 1}`,
  Status: part.status,
  CreatedAt: part.createdAt,
  UpdatedAt: part.updatedAt,
  HasResultSet: part.result !== undefined,
  Duration: durationOf(part),
  ...(part.error !== undefined && { Error: part.error }),
});

const sizeOf = ({ rows, result }: Part): number => (rows === UNKNOWN ? UNKNOWN : (result?.bytes ?? 0));

const durationOf = ({ startedAt, endedAt }: Part): number =>
  startedAt === undefined || endedAt === undefined ? UNKNOWN : Math.round((endedAt - startedAt) * NANOSECONDS);

export const listed = (record: StatementRecord): Record<string, unknown> => ({
  Id: record.id,
  Status: record.status,
  CreatedAt: record.createdAt,
  UpdatedAt: record.updatedAt,
  IsBatchStatement: record.isBatch,
  ...(record.isBatch ? { QueryStrings: record.sqls } : { QueryString: record.sqls[0] }),
  ...(record.name !== undefined && { StatementName: record.name }),
  ...(record.echo['SecretArn'] !== undefined && { SecretArn: record.echo['SecretArn'] }),
  ...(record.echo['QueryParameters'] !== undefined && { QueryParameters: record.echo['QueryParameters'] }),
});
