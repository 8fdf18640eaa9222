import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { implement } from '#lambdas/runtime/implement.ts';
import { openWarehouse } from '#lambdas/warehouse/engines/index.ts';
import { bind } from '#lambdas/warehouse/script.ts';
import { NotReady } from '#lib/contract/errors.ts';
import type { Value } from '#lib/sql/quoting.ts';
import { sqlSensor } from './task.ts';

export const handler = implement(sqlSensor, async ({ connection, file, params }, context) => {
  const sql = await readFile(join(context.environment.LAMBDA_TASK_ROOT, file), 'utf8');
  const warehouse = await openWarehouse(context, connection);
  const value = await warehouse.value({ doing: `Asking ${file}`, ...bind({ sql, params, tables: [] }) });
  if (value === undefined) throw new NotReady(`${file} gives no row.`);
  if (!isReady(value)) throw new NotReady(`${file} gives ${JSON.stringify(value)}.`);
  return { value: asJson(value) };
});

/** The Data API gives decimals as text. */
const isReady = (value: Value): value is string | number | bigint | true =>
  Boolean(value) && !(typeof value === 'string' && /^-?0+(\.0+)?$/.test(value));

/** What JSON has no number for is its text: digits that a number would lose, and infinity. */
const asJson = (value: string | number | bigint | true) =>
  typeof value === 'bigint' || value === Infinity || value === -Infinity ? String(value) : value;
