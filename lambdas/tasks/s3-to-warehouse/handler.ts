import { implement } from '#lambdas/runtime/implement.ts';
import { declaredTable } from '#lambdas/runtime/pipeline-file.ts';
import { type Claim, nameOf, underClaim, workOf } from '#lambdas/warehouse/claims.ts';
import { openWarehouse } from '#lambdas/warehouse/engines/index.ts';
import { dropLeftovers } from '#lambdas/warehouse/leftovers.ts';
import { load } from '#lambdas/warehouse/load.ts';
import type { Load } from '#lambdas/warehouse/plan.ts';
import { unlessSuperseded } from '#lambdas/warehouse/superseded.ts';
import { extractsOf } from '#lib/contract/extracted.ts';
import { attemptPrefix } from '#lib/runs/keys.ts';
import { stagedFor } from './staged.ts';
import { s3ToWarehouse } from './task.ts';

export const handler = implement(s3ToWarehouse, async ({ connection, from, table, mode }, context) => {
  const { environment, run, task, store, log } = context;
  const declared = await declaredTable(environment, table.dataset);
  const staged = await stagedFor(store, declared.name, extractsOf(from, declared.name));
  const declaration = { ...declared, columns: [...declared.columns, ...staged.foundColumns] };
  const warehouse = await openWarehouse(context, connection);
  const carryOut = async (claim: Claim) => {
    const work: Load = {
      claim,
      declaration,
      logicalDate: run.logicalDate,
      interval: run.dataInterval.start,
      mode,
      staged,
      prefix: attemptPrefix('stage', run, { dataset: declaration.name, attempt: nameOf(claim) }),
    };
    const loaded = await load(warehouse, work);
    log.info('loaded', { table: declaration.name, claim: claim.n, extracted: staged.extracted, ...loaded });
    await dropLeftovers(warehouse, work).then(
      (names) => log.info('staging tables of earlier loads are dropped', { names }),
      // The load counts. The next one finds them too.
      (error: Error) => log.warn('staging tables of earlier loads stay behind', error),
    );
    const unloaded = { table: declaration.name, fields: staged.unloadedFields };
    return unloaded.fields === 0 ? loaded : { ...loaded, unloaded };
  };
  return unlessSuperseded(run, { rows: 0, childRows: 0, superseded: true as const }, () =>
    underClaim(warehouse, workOf(run, task), carryOut),
  );
});
