import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { implement } from '#lambdas/runtime/implement.ts';
import { declaredTable, declaredTables } from '#lambdas/runtime/pipeline-file.ts';
import { type Claim, claimGuard, tokenOf, underClaim, workOf, workParameters } from '#lambdas/warehouse/claims.ts';
import { openWarehouse } from '#lambdas/warehouse/engines/index.ts';
import { bind } from '#lambdas/warehouse/script.ts';
import { endedInFailure } from '#lambdas/warehouse/session.ts';
import { readingGuard, refuseOlder, unlessSuperseded } from '#lambdas/warehouse/superseded.ts';
import { declaredShape } from '#lambdas/warehouse/written-table.ts';

import { warehouseSql } from './task.ts';

export const handler = implement(warehouseSql, async ({ connection, file, params, relations, table }, context) => {
  const { environment, run, task } = context;
  const sql = await readFile(join(environment.LAMBDA_TASK_ROOT, file), 'utf8');
  const { sqls, parameters } = bind({ sql, params, relations, tables: await declaredTables(environment) });
  const warehouse = await openWarehouse(context, connection);
  const created = table ? await declaredShape(warehouse, await declaredTable(environment, table.dataset)) : [];
  const doing = `Running ${file}`;
  const reading = { tables: Object.values(relations ?? {}).flat(), logicalDate: run.logicalDate };
  const guard = readingGuard(warehouse.dialect, reading);

  const carryOut = (claim: Claim) =>
    warehouse.run({
      doing,
      sqls: [claimGuard(warehouse.dialect, claim), ...guard.sqls, ...created, ...sqls],
      parameters: { ...workParameters(claim), ...guard.parameters, ...parameters },
      token: tokenOf(claim, 'sql'),
    });
  return unlessSuperseded(run, { rows: 0, superseded: true as const }, () =>
    underClaim(warehouse, workOf(run, task), async (claim) => {
      try {
        return { rows: (await carryOut(claim)).at(-1) ?? 0 };
      } catch (error) {
        if (endedInFailure(error)) await refuseOlder(warehouse, doing, reading);
        throw error;
      }
    }),
  );
});
