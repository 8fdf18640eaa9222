import { PutObjectCommand } from '@aws-sdk/client-s3';
import { required } from '#lambdas/runtime/environment.ts';
import { implement } from '#lambdas/runtime/implement.ts';
import { declaredTable } from '#lambdas/runtime/pipeline-file.ts';
import { type Claim, nameOf, underClaim, workOf } from '#lambdas/warehouse/claims.ts';
import { copyManifest } from '#lambdas/warehouse/engines/redshift/copy.ts';
import { load } from '#lambdas/warehouse/load.ts';
import { openWarehouse } from '#lambdas/warehouse/open.ts';
import { unlessSuperseded } from '#lambdas/warehouse/superseded.ts';
import { extractsOf } from '#lib/contract/extracted.ts';
import { attemptPrefix } from '#lib/runs/keys.ts';
import { stagedFor } from './staged.ts';
import { s3ToRedshift } from './task.ts';

export const handler = implement(s3ToRedshift, async ({ connection, from, table, mode }, context) => {
  const { environment, run, task, s3, store, log } = context;
  const declared = await declaredTable(environment, table.dataset);
  const staged = await stagedFor(store, declared.name, extractsOf(from, declared.name));
  const declaration = { ...declared, columns: [...declared.columns, ...staged.foundColumns] };
  const warehouse = openWarehouse(context, connection);
  const carryOut = async (claim: Claim) => {
    const prefix = attemptPrefix('stage', run, { dataset: declaration.name, attempt: nameOf(claim) });
    const loaded = await load(warehouse, {
      claim,
      declaration,
      logicalDate: run.logicalDate,
      interval: run.dataInterval.start,
      mode,
      staged,
      copyRole: required(environment, 'SLUICE_COPY_ROLE'),
      writeList: async (name, parts) => {
        const bucket = environment.SLUICE_BUCKET;
        const key = `${prefix}${name}.manifest`;
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: copyManifest(bucket, parts) }));
        return `s3://${bucket}/${key}`;
      },
    });
    log.info('loaded', { table: declaration.name, claim: claim.n, extracted: staged.extracted, ...loaded });
    const unloaded = { table: declaration.name, fields: staged.unloadedFields };
    return unloaded.fields === 0 ? loaded : { ...loaded, unloaded };
  };
  return unlessSuperseded(run, { rows: 0, childRows: 0, superseded: true as const }, () =>
    underClaim(warehouse, workOf(run, task), carryOut),
  );
});
