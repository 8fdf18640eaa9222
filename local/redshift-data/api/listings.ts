/** ListDatabases, ListSchemas, ListTables, DescribeTable: the warehouse's catalog. */

import { VIEWS } from '../catalog/system-views.ts';
import { columnMetadata } from '../engine/results.ts';
import type { Row, Session } from '../engine/session.ts';
import { columnsOf } from '../engine/table-shape.ts';
import { DataApiError, RedshiftError } from '../errors.ts';
import { type AccessDeps, openSession, requireWorkgroup } from './access.ts';
import { page } from './paging.ts';
import {
  type ConnectionRequest,
  describeTable,
  listDatabases,
  listSchemas,
  listTables,
  parseRequest,
} from './requests.ts';

const PER_PAGE = 1000;
type Paging = { NextToken?: string | undefined; MaxResults?: number | undefined };
const pageOf = <Item>(items: readonly Item[], { NextToken, MaxResults }: Paging) =>
  page(items, { token: NextToken, size: MaxResults || PER_PAGE });

export const listings = (deps: AccessDeps) => ({
  ListDatabases: async (input: unknown) => {
    const request = parseRequest(listDatabases, input);
    const databases = await inSession(request, deps, async ({ database }) => [database]);
    const { items, next } = pageOf(databases, request);
    return { Databases: items, ...next };
  },
  ListSchemas: async (input: unknown) => {
    const request = parseRequest(listSchemas, input);
    const schemas = await inSession(request, deps, (session) =>
      session.rows(
        `SELECT schema_name FROM ${VIEWS}.information_schema_schemata WHERE schema_name LIKE $1 ORDER BY 1`,
        [request.SchemaPattern ?? '%'],
      ),
    );
    const { items, next } = pageOf(names(schemas, 'schema_name'), request);
    return { Schemas: items, ...next };
  },
  ListTables: async (input: unknown) => {
    const request = parseRequest(listTables, input);
    const tables = await inSession(request, deps, (session) =>
      session.rows(
        `SELECT table_schema, table_name FROM ${VIEWS}.information_schema_tables
         WHERE table_schema LIKE $1 AND table_name LIKE $2 ORDER BY 1, 2`,
        [request.SchemaPattern ?? '%', request.TablePattern ?? '%'],
      ),
    );
    const { items, next } = pageOf(tables, request);
    return {
      Tables: items.map((row) => ({ schema: row['table_schema'], name: row['table_name'], type: 'TABLE' })),
      ...next,
    };
  },
  DescribeTable: async (input: unknown) => {
    const request = parseRequest(describeTable, input);
    const schema = request.Schema ?? 'public';
    const columns = await inSession(request, deps, (session) => columnsOf(session, { schema, table: request.Table }));
    const { items, next } = pageOf(columns, request);
    return {
      TableName: request.Table,
      ColumnList: items.map(({ name, type, notNull, default: value }) => ({
        ...columnMetadata(name, type),
        schemaName: schema,
        tableName: request.Table,
        nullable: notNull ? 0 : 1,
        ...(value !== undefined && { columnDefault: value }),
      })),
      ...next,
    };
  },
});

const names = (rows: readonly Row[], column: string): string[] => rows.map((row) => String(row[column]));

/** These operations answer at once: what the warehouse says against them is the caller's error. */
async function inSession<Result>(
  request: ConnectionRequest,
  deps: AccessDeps,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  requireWorkgroup(request, deps);
  try {
    const session = await openSession(request, deps);
    return await use(session).finally(() => session.connection.closeSync());
  } catch (error) {
    throw error instanceof RedshiftError ? new DataApiError('ValidationException', error.message) : error;
  }
}
