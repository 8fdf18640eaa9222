import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { implement } from '#lambdas/runtime/implement.ts';
import { declaredTables } from '#lambdas/runtime/pipeline-file.ts';
import { claimGuard, tokenOf, underClaim, workOf, workParameters } from '#lambdas/warehouse/claims.ts';
import { openWarehouse } from '#lambdas/warehouse/open.ts';
import { bind } from './script.ts';
import { redshiftSql } from './task.ts';

export const handler = implement(redshiftSql, async ({ connection, file, params, relations }, context) => {
  const { environment, run, task } = context;
  const sql = await readFile(join(environment.LAMBDA_TASK_ROOT, file), 'utf8');
  const { sqls, parameters } = bind({ sql, params, relations, tables: await declaredTables(environment) });
  const warehouse = openWarehouse(context, connection);
  return underClaim(warehouse, workOf(run, task), async (claim) => {
    const rows = await warehouse.run({
      doing: `Running ${file}`,
      sqls: [claimGuard(claim), ...sqls],
      parameters: { ...workParameters(claim), ...parameters },
      token: tokenOf(claim, 'sql'),
    });
    return { rows: rows.at(-1) ?? 0 };
  });
});
