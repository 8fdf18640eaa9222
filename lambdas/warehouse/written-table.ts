/** A table that SQL of one's own fills. */
import type { TableDeclaration } from '#lib/contract/table.ts';
import { identifier, splitName, tableName } from '#lib/sql/quoting.ts';
import { bringToShape, createSchema, createTable, drifts } from './table-shape.ts';
import type { Warehouse } from './warehouse.ts';

/**
 * Brings the table to its declared shape, and gives the statements that create it where it is absent. Its rows are
 * those of many runs, which no run makes again: nothing creates it anew.
 *
 * @throws Terminal naming each difference that cannot be made good in place
 */
export async function declaredShape(warehouse: Warehouse, declaration: TableDeclaration): Promise<string[]> {
  const old = identifier(`${splitName(declaration.name).table}_old`);
  const wayOut =
    `keep its rows under another name (alter table ${tableName(declaration.name)} rename to ${old}), ` +
    'run again, and insert what is wanted of them into the new table';
  for (const drift of await drifts(warehouse, [declaration])) await bringToShape(warehouse, drift, wayOut);
  return [createSchema(warehouse.dialect, declaration), createTable(warehouse.dialect, declaration)];
}
