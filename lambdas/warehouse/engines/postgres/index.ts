/** PostgreSQL, through one connection a Lambda. */
import type { Warehouse } from '#lambdas/warehouse/warehouse.ts';
import type { OpenWarehouse } from '../open-warehouse.ts';
import { auroraServer } from './aurora.ts';
import { type Postgres, run, session, stepOf } from './client.ts';
import { Connection } from './connection.ts';
import { copyStep, type Lake } from './copy.ts';
import { postgresDialect } from './dialect.ts';
import { serverSecret } from './server.ts';

/** By the secret that leads to the server, or its host. */
const kept = new Map<string, Connection>();

export const open: OpenWarehouse = ({ environment, connections, remaining, s3 }, connection) => {
  const aurora = environment.SLUICE_AURORA?.[connection.connection];
  const key = aurora?.host ?? connections.secretId(connection);
  const link = kept.get(key) ?? new Connection();
  kept.set(key, link);
  const ofSecret = (isAnew: boolean) =>
    isAnew ? connections.refetch(connection, serverSecret) : connections.get(connection, serverSecret);
  const server = aurora ? async () => auroraServer(aurora) : ofSecret;
  return postgres({ connection: link, server, remaining }, { s3, bucket: environment.SLUICE_BUCKET });
};

export const postgres = (of: Postgres, lake: Lake): Warehouse => ({
  ...session(of),
  dialect: postgresDialect,
  copy: async ({ steps, ...batch }) => {
    const statement = stepOf(batch);
    await run(
      of,
      batch,
      steps.map((step) => (typeof step === 'string' ? statement(step) : copyStep(batch.doing, lake, step))),
    );
  },
});
