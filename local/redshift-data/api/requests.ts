/** The requests of the Data API as their operations take them. */
import * as z from 'zod';
import { DataApiError } from '../errors.ts';

/** Redshift's limit for a statement's text. */
const MAX_STATEMENT_BYTES = 100 * 1024;
const MAX_STATEMENTS = 40;

const sql = z
  .string()
  .min(1)
  .refine((text) => Buffer.byteLength(text) <= MAX_STATEMENT_BYTES, {
    error: `A statement has at most ${MAX_STATEMENT_BYTES} bytes.`,
  });
const parameters = z
  .array(z.object({ name: z.string().regex(/^[0-9a-zA-Z_]+$/), value: z.string().min(1) }))
  .min(1)
  .optional();
const undone = (name: string) => z.undefined({ error: `The embedded warehouse does not do ${name}.` }).optional();
const waitTimeSeconds = z.int().min(1).max(30).optional();
const nextToken = z.string().optional();
const maxResults = z.int().min(0).max(1000).optional();

const connection = {
  Database: z.string({ error: 'Database is required.' }).min(1),
  WorkgroupName: z.string().min(3).optional(),
  SecretArn: z.string().min(1).optional(),
  ClusterIdentifier: undone('provisioned clusters (ClusterIdentifier)'),
  DbUser: undone('temporary credentials (DbUser)'),
};
const execution = {
  ...connection,
  Parameters: parameters,
  ClientToken: z.string().min(1).max(64).optional(),
  StatementName: z.string().max(500).optional(),
  WithEvent: z.literal(false, { error: 'The embedded warehouse does not send events (WithEvent).' }).optional(),
  ResultFormat: z.literal('JSON', { error: 'The embedded warehouse does not do results as CSV.' }).optional(),
  SessionId: undone('sessions (SessionId)'),
  SessionKeepAliveSeconds: undone('sessions (SessionKeepAliveSeconds)'),
  WaitTimeSeconds: waitTimeSeconds,
};
const listing = {
  ...connection,
  ConnectedDatabase: z.string().optional(),
  NextToken: nextToken,
  MaxResults: maxResults,
};

export const executeStatement = z.strictObject({ ...execution, Sql: sql });
export const batchExecuteStatement = z.strictObject({
  ...execution,
  Sqls: z.array(sql).min(1).max(MAX_STATEMENTS),
  ExecutionMode: z.enum(['TRANSACTION', 'AUTO_COMMIT']).optional(),
});
export const statementId = z.strictObject({ Id: z.string() });
export const describeStatement = z.strictObject({ Id: z.string(), WaitTimeSeconds: waitTimeSeconds });
export const getStatementResult = z.strictObject({
  Id: z.string(),
  NextToken: nextToken,
  WaitTimeSeconds: waitTimeSeconds,
});
export const listStatements = z.strictObject({
  Database: z.string().optional(),
  WorkgroupName: z.string().optional(),
  RoleLevel: z.boolean().optional(),
  NextToken: nextToken,
  MaxResults: maxResults,
  StatementName: z.string().optional(),
  Status: z.enum(['ALL', 'SUBMITTED', 'PICKED', 'STARTED', 'FINISHED', 'ABORTED', 'FAILED']).optional(),
});
export const listDatabases = z.strictObject(listing);
export const listSchemas = z.strictObject({ ...listing, SchemaPattern: z.string().optional() });
export const listTables = z.strictObject({
  ...listing,
  SchemaPattern: z.string().optional(),
  TablePattern: z.string().optional(),
});
export const describeTable = z.strictObject({ ...listing, Schema: z.string().optional(), Table: z.string() });

export type ExecuteRequest = z.output<typeof executeStatement>;
export type BatchRequest = z.output<typeof batchExecuteStatement>;
export type ConnectionRequest = Pick<ExecuteRequest, 'Database' | 'WorkgroupName' | 'SecretArn'>;

/** @throws DataApiError ValidationException that names each wrong member */
export function parseRequest<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new DataApiError('ValidationException', parsed.error.issues.map(describe).join('; '));
}

const describe = ({ path, message }: z.core.$ZodIssue): string =>
  path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`;
