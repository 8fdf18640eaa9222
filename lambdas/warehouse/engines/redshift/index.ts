/** Amazon Redshift, through its Data API: that one reads the user's secret itself, and needs no connection. */
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { required } from '#lambdas/runtime/environment.ts';
import type { Warehouse } from '#lambdas/warehouse/warehouse.ts';
import type { OpenWarehouse } from '../open-warehouse.ts';
import { type DataApi, dataApi } from './client.ts';
import { copyStatement, type Lake } from './copy.ts';
import { redshiftDialect } from './dialect.ts';

let client: RedshiftDataClient | undefined;

export const open: OpenWarehouse = ({ environment, connections, remaining, s3 }, connection) => {
  client ??= new RedshiftDataClient();
  const target = {
    WorkgroupName: required(environment, 'SLUICE_WORKGROUP'),
    Database: required(environment, 'SLUICE_DATABASE'),
    SecretArn: connections.secretId(connection),
  };
  const lake = () => ({ s3, bucket: environment.SLUICE_BUCKET, role: required(environment, 'SLUICE_COPY_ROLE') });
  return redshift({ client, target, remaining }, lake);
};

/** @param lake is asked for by a copy only: the functions of other tasks have no role for it */
export function redshift(api: DataApi, lake: () => Lake): Warehouse {
  const session = dataApi(api);
  return {
    ...session,
    dialect: redshiftDialect,
    copy: async ({ steps, ...batch }) => {
      const sqls: string[] = [];
      for (const step of steps) sqls.push(typeof step === 'string' ? step : await copyStatement(lake(), step));
      await session.run({ ...batch, sqls });
    },
  };
}
