/** Rights to single tables: kept for those who ask the catalog, and not held. */
import { RECORDS } from '../catalog/system-views.ts';
import type { TableName } from '../sql/names.ts';
import type { Session } from './session.ts';

export interface TableRight {
  /** In upper case, as the catalog has it. */
  readonly privilege: string;
  readonly grantee: string;
}

const GRANTS = `${RECORDS}.table_grants`;
const nameOf = ({ schema = 'public', table }: TableName) => [schema, table];
const OF_TABLE = 'schema_name = $1 AND table_name = $2';

export async function giveRight(
  session: Session,
  table: TableName,
  { privilege, grantee, grantable }: TableRight & { grantable: boolean },
): Promise<void> {
  await takeRight(session, table, { privilege, grantee });
  await session.run(`INSERT INTO ${GRANTS} VALUES ($1, $2, $3, $4, $5)`, [
    ...nameOf(table),
    privilege,
    grantee,
    grantable,
  ]);
}

export async function takeRight(session: Session, table: TableName, right: TableRight): Promise<void> {
  const values = [...nameOf(table), right.privilege, right.grantee];
  await session.run(`DELETE FROM ${GRANTS} WHERE ${OF_TABLE} AND privilege = $3 AND grantee = $4`, values);
}

/** Its rights go with a table. */
export async function forgetRights(session: Session, table: TableName): Promise<void> {
  await session.run(`DELETE FROM ${GRANTS} WHERE ${OF_TABLE}`, nameOf(table));
}

export async function renameRights(session: Session, table: TableName, to: string): Promise<void> {
  await session.run(`UPDATE ${GRANTS} SET table_name = $3 WHERE ${OF_TABLE}`, [...nameOf(table), to]);
}
