/** S3 and Secrets Manager of the embedded AWS beside a real PostgreSQL, for tests of what works on tables. */
import { join } from 'node:path';
import pg from 'pg';
import { type Postgres, session } from '#lambdas/warehouse/engines/postgres/client.ts';
import { Connection } from '#lambdas/warehouse/engines/postgres/connection.ts';
import { postgres } from '#lambdas/warehouse/engines/postgres/index.ts';
import { serverSecret } from '#lambdas/warehouse/engines/postgres/server.ts';
import type { Table } from '#lib/contract/table.ts';
import { startPostgres } from '#local/postgres/index.ts';
import { BUCKET, openAws } from './aws.ts';
import { describeFunction } from './task-services.ts';

export const POSTGRES_SECRET = 'postgres-secret';
const USER = { username: 'sluice_user', password: 'Test7Password' };

/** With a user that tasks work as: no administrator, one that may create schemas. */
export async function openPostgresAws() {
  const aws = await openAws();
  const server = await startPostgres(join(aws.dir, 'postgres'));
  const { host, port, dbname } = server;
  const connections: Connection[] = [];
  const as = (who: { username: string; password: string }): Postgres => {
    const connection = new Connection();
    connections.push(connection);
    const found = serverSecret.parse({ host, port, dbname, ...who, sslmode: 'disable' });
    return { connection, server: async () => found, remaining: () => Number.POSITIVE_INFINITY };
  };
  const [admin, user] = [session(as(server)), session(as(USER))];
  await admin.run({
    doing: 'Making the user',
    sqls: [
      `CREATE USER ${USER.username} PASSWORD '${USER.password}'`,
      `GRANT CREATE ON DATABASE ${dbname} TO ${USER.username}`,
    ],
  });
  aws.setSecret(POSTGRES_SECRET, JSON.stringify({ host, port, dbname, ...USER, sslmode: 'disable' }));
  const sent = recordStatements();
  return {
    ...aws,
    server,
    warehouse: postgres(as(USER), { s3: aws.client, bucket: BUCKET }),
    sql: (...sqls: string[]) => user.run({ doing: 'Preparing a test', sqls }),
    admin: (...sqls: string[]) => admin.run({ doing: 'Preparing a test', sqls }),
    query: (sql: string) => user.query({ doing: 'Checking a test', sql }),
    statements: async () => sent.texts,
    describeFunction: (tables: readonly Table[]) => {
      describeFunction(aws, tables);
      Object.assign(process.env, { SLUICE_CONNECTIONS: JSON.stringify({ database: POSTGRES_SECRET }) });
    },
    close: async () => {
      sent.end();
      for (const connection of connections) await connection.end();
      await server.close();
      await aws.close();
    },
  };
}

/** Keeps the text of each statement that any client of this process sends. */
function recordStatements() {
  const texts: string[] = [];
  const { query } = pg.Client.prototype;
  const send = query as (...asked: unknown[]) => unknown;
  const recording = function (this: pg.Client, asked: { text?: string } | string, ...rest: unknown[]) {
    texts.push(typeof asked === 'string' ? asked : (asked.text ?? ''));
    return send.call(this, asked, ...rest);
  };
  Object.assign(pg.Client.prototype, { query: recording });
  return { texts, end: () => Object.assign(pg.Client.prototype, { query }) };
}
