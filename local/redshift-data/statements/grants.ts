/**
 * GRANT and REVOKE: users and objects must exist. CREATE on schema and database has an effect; rights to tables are
 * kept for the catalog.
 */

import type { Session } from '../engine/session.ts';
import { NOTHING, type Statement } from '../engine/statement.ts';
import { giveRight, type TableRight, takeRight } from '../engine/table-rights.ts';
import { columnsOf } from '../engine/table-shape.ts';
import { grantCreate, PUBLIC, requireSchema, requireUser, revokeCreate } from '../engine/users.ts';
import { notDone } from '../errors.ts';
import type { Cursor } from '../sql/cursor.ts';
import type { TableName } from '../sql/names.ts';

const PRIVILEGES = [
  'select',
  'insert',
  'update',
  'delete',
  'drop',
  'references',
  'alter',
  'truncate',
  'create',
  'usage',
  'temporary',
  'temp',
  'all privileges',
  'all',
]; // prettier-ignore

/** What ALL means for a table. */
const OF_TABLES = ['select', 'insert', 'update', 'delete', 'drop', 'references', 'alter', 'truncate'];

interface Rights {
  readonly create: boolean;
  /** Upper case; for tables. */
  readonly privileges: readonly string[];
  readonly schemas: readonly (string | undefined)[];
  readonly tables: readonly TableName[];
}

/** After GRANT. */
export function grant(cursor: Cursor): Statement {
  const rights = readRights(cursor);
  cursor.expect('to');
  const grantees = cursor.list(() => readGrantee(cursor));
  const grantable = cursor.take('with', 'grant', 'option');
  cursor.end();
  return changing('GRANT', {
    rights,
    grantees,
    change: grantCreate,
    changeTable: (session, table, right) => giveRight(session, table, { ...right, grantable }),
  });
}

/** After REVOKE. */
export function revoke(cursor: Cursor): Statement {
  cursor.take('grant', 'option', 'for');
  const rights = readRights(cursor);
  cursor.expect('from');
  const grantees = cursor.list(() => readGrantee(cursor));
  cursor.takeOneOf('cascade', 'restrict');
  cursor.end();
  return changing('REVOKE', { rights, grantees, change: revokeCreate, changeTable: takeRight });
}

interface Change {
  readonly rights: Rights;
  readonly grantees: readonly string[];
  readonly change: typeof grantCreate;
  readonly changeTable: (session: Session, table: TableName, right: TableRight) => Promise<void>;
}
const changing = (command: string, change: Change): Statement => ({
  command,
  async run(session) {
    await requireObjects(session, change.rights);
    for (const grantee of change.grantees) {
      if (grantee !== PUBLIC) await requireUser(session, grantee);
      await changeFor(session, grantee, change);
    }
    return NOTHING;
  },
});

async function changeFor(session: Session, grantee: string, { rights, change, changeTable }: Change): Promise<void> {
  if (rights.create) for (const schema of rights.schemas) await change(session, schema, grantee);
  for (const { table, privilege } of ofTables(rights)) await changeTable(session, table, { privilege, grantee });
}

const ofTables = ({ tables, privileges }: Rights) =>
  tables.flatMap((table) => privileges.map((privilege) => ({ table, privilege })));

async function requireObjects(session: Session, { schemas, tables }: Rights): Promise<void> {
  for (const schema of schemas) if (schema !== undefined) await requireSchema(session, schema);
  for (const table of tables) await columnsOf(session, table);
}

function readRights(cursor: Cursor): Rights {
  const named = cursor.list(() => {
    const privilege = PRIVILEGES.find((words) => cursor.take(...words.split(' ')));
    if (privilege === undefined) throw notDone('a grant of roles, or of this privilege');
    return privilege;
  });
  const isAll = named.some((privilege) => privilege.startsWith('all'));
  const privileges = (isAll ? OF_TABLES : named).map((privilege) => privilege.toUpperCase());
  cursor.expect('on');
  const create = isAll || named.includes('create');
  if (cursor.take('schema')) return { create, privileges, schemas: cursor.list(() => cursor.name()), tables: [] };
  if (cursor.take('database')) {
    cursor.list(() => cursor.name());
    return { create, privileges, schemas: [undefined], tables: [] };
  }
  if (cursor.take('all', 'tables', 'in', 'schema')) {
    return { create: false, privileges, schemas: cursor.list(() => cursor.name()), tables: [] };
  }
  cursor.take('table');
  return { create: false, privileges, schemas: [], tables: cursor.list(() => cursor.tableName()) };
}

function readGrantee(cursor: Cursor): string {
  if (cursor.sees('group') || cursor.sees('role')) throw notDone('groups and roles', 'grant to users');
  return cursor.name();
}
