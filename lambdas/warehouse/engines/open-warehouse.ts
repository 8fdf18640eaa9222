import type { TaskContext } from '#lambdas/runtime/implement.ts';
import type { Warehouse } from '#lambdas/warehouse/warehouse.ts';
import type { Connection } from '#lib/contract/fields.ts';

/** What an engine's `open` is: the warehouse of a connection, as its user. */
export type OpenWarehouse = (
  context: Pick<TaskContext, 'environment' | 'connections' | 'remaining' | 's3'>,
  connection: Connection,
) => Warehouse;
