/** The warehouses that Sluice loads into: a line and a folder for each engine. */
import type { Warehouse } from '#lambdas/warehouse/warehouse.ts';
import { Terminal } from '#lib/contract/errors.ts';
import type { WarehouseType } from '#lib/contract/fields.ts';
import type { OpenWarehouse } from './open-warehouse.ts';

/** By the type of their connections. */
const ENGINES: Readonly<Record<WarehouseType, () => Promise<{ readonly open: OpenWarehouse }>>> = {
  postgres: () => import('./postgres/index.ts'),
  redshift: () => import('./redshift/index.ts'),
};

/** @throws Terminal where the connection is none to a warehouse */
export async function openWarehouse(...[context, connection]: Parameters<OpenWarehouse>): Promise<Warehouse> {
  const { connection: name, type } = connection;
  const engine = Object.hasOwn(ENGINES, type) ? ENGINES[type as WarehouseType] : undefined;
  if (engine) return (await engine()).open(context, connection);
  throw new Terminal(
    `The connection '${name}' is of type '${type}', which is no warehouse (those are: ${Object.keys(ENGINES).join(', ')}).`,
  );
}
