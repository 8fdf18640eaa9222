/** The load of one row, as the task of a run does it. */
import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type Claim, underClaim } from '#lambdas/warehouse/claims.ts';
import { dropLeftovers } from '#lambdas/warehouse/leftovers.ts';
import { load } from '#lambdas/warehouse/load.ts';
import type { Load, Mode } from '#lambdas/warehouse/plan.ts';
import type { Warehouse } from '#lambdas/warehouse/warehouse.ts';
import { type TableDeclaration, tableDeclaration } from '#lib/contract/table.ts';
import { BUCKET, type WarehouseAws } from './warehouse-aws.ts';

const declarationOf = (name: string): TableDeclaration =>
  tableDeclaration.parse({ name: `loads.${name}`, columns: [{ name: 'id', type: 'int8' }], primaryKey: ['id'] });

export interface RowLoad {
  /** Happens after the claim was seen to hold and before the transaction. */
  readonly meanwhile?: (claim: Claim) => Promise<unknown>;
  readonly row?: string;
  readonly clearing?: number;
  readonly day?: string;
  readonly warehouse?: Warehouse;
  readonly mode?: Mode;
}

/** Loads one row into a table of its own in the schema loads. */
export async function loadRowInto(aws: WarehouseAws, table: string, how: RowLoad) {
  const { row = '"id":1', clearing = 1, day = '19', warehouse = aws.warehouse, mode = 'rebuild' } = how;
  const Body = gzipSync(`{"sluice_record":1,${row}}\n`);
  const key = `stage/${table}/${day}/part.gz`;
  await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body }));
  const declaration = declarationOf(table);
  const ofTask = { dagId: 'd', runId: `202611${day}T000000Z`, clearing, task: `load_${table}` };
  return underClaim(warehouse, ofTask, async (claim) => {
    const copy: Warehouse['copy'] = async (batch) => {
      await how.meanwhile?.(claim);
      await warehouse.copy(batch);
    };
    const tables = { [declaration.name]: { extracts: [[{ key, bytes: Body.length }]], rows: 1 } };
    const staged = { manifests: 1, extracted: 1, quarantined: 0, tables };
    const logicalDate = `2026-11-${day}T00:00:00Z`;
    const prefix = `stage/${table}/${day}/`;
    const work: Load = { claim, declaration, logicalDate, interval: logicalDate, mode, staged, prefix };
    const loaded = await load({ ...warehouse, copy }, work);
    await dropLeftovers(warehouse, work);
    return loaded;
  });
}
