/** GRANT and REVOKE: users and objects must exist; of the rights only CREATE on schema and database has an effect. */

import type { Session } from '../engine/session.ts';
import { NOTHING, type Statement } from '../engine/statement.ts';
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

interface Rights {
  readonly create: boolean;
  readonly schemas: readonly (string | undefined)[];
  readonly tables: readonly TableName[];
}

/** After GRANT. */
export function grant(cursor: Cursor): Statement {
  const rights = readRights(cursor);
  cursor.expect('to');
  const grantees = cursor.list(() => readGrantee(cursor));
  cursor.take('with', 'grant', 'option');
  cursor.end();
  return changing('GRANT', { rights, grantees, change: grantCreate });
}

/** After REVOKE. */
export function revoke(cursor: Cursor): Statement {
  cursor.take('grant', 'option', 'for');
  const rights = readRights(cursor);
  cursor.expect('from');
  const grantees = cursor.list(() => readGrantee(cursor));
  cursor.takeOneOf('cascade', 'restrict');
  cursor.end();
  return changing('REVOKE', { rights, grantees, change: revokeCreate });
}

interface Change {
  readonly rights: Rights;
  readonly grantees: readonly string[];
  readonly change: typeof grantCreate;
}
const changing = (command: string, { rights, grantees, change }: Change): Statement => ({
  command,
  async run(session) {
    await requireObjects(session, rights);
    for (const grantee of grantees) {
      if (grantee !== PUBLIC) await requireUser(session, grantee);
      if (rights.create) for (const schema of rights.schemas) await change(session, schema, grantee);
    }
    return NOTHING;
  },
});

async function requireObjects(session: Session, { schemas, tables }: Rights): Promise<void> {
  for (const schema of schemas) if (schema !== undefined) await requireSchema(session, schema);
  for (const table of tables) await columnsOf(session, table);
}

function readRights(cursor: Cursor): Rights {
  const privileges = cursor.list(() => {
    const privilege = PRIVILEGES.find((words) => cursor.take(...words.split(' ')));
    if (privilege === undefined) throw notDone('a grant of roles, or of this privilege');
    return privilege;
  });
  cursor.expect('on');
  const create = privileges.some((privilege) => privilege === 'create' || privilege.startsWith('all'));
  if (cursor.take('schema')) return { create, schemas: cursor.list(() => cursor.name()), tables: [] };
  if (cursor.take('database')) {
    cursor.list(() => cursor.name());
    return { create, schemas: [undefined], tables: [] };
  }
  if (cursor.take('all', 'tables', 'in', 'schema')) {
    return { create: false, schemas: cursor.list(() => cursor.name()), tables: [] };
  }
  cursor.take('table');
  return { create: false, schemas: [], tables: cursor.list(() => cursor.tableName()) };
}

function readGrantee(cursor: Cursor): string {
  if (cursor.sees('group') || cursor.sees('role')) throw notDone('groups and roles', 'grant to users');
  return cursor.name();
}
