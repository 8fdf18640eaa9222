/** CREATE, ALTER and DROP USER. */
import { RECORDS } from '../catalog/system-views.ts';
import type { Session } from '../engine/session.ts';
import { NOTHING, type Statement } from '../engine/statement.ts';
import { keptPassword, requireAdmin, requireUser, userExists } from '../engine/users.ts';
import { notDone, RedshiftError } from '../errors.ts';
import type { Cursor } from '../sql/cursor.ts';

/** After CREATE USER. */
export function createUser(cursor: Cursor): Statement {
  const name = cursor.name();
  cursor.take('with');
  const password = readPassword(cursor, name);
  const options = readOptions(cursor);
  return {
    command: 'CREATE USER',
    async run(session) {
      requireAdmin(session, 'create user');
      if (await userExists(session, name)) throw new RedshiftError(`ERROR: user "${name}" already exists`);
      await session.run(`INSERT INTO ${RECORDS}.users VALUES ($1, $2, $3)`, [
        name,
        options.superuser === true,
        password,
      ]);
      await setSyslogAccess(session, name, options);
      return NOTHING;
    },
  };
}

/** After ALTER USER. */
export function alterUser(cursor: Cursor): Statement {
  const name = cursor.name();
  cursor.take('with');
  if (!cursor.sees('password')) throw notDone('this ALTER USER', 'it does PASSWORD, and SYSLOG ACCESS after it');
  const password = readPassword(cursor, name);
  const options = readOptions(cursor);
  if (options.superuser !== undefined) throw notDone('ALTER USER with [NO]CREATEUSER');
  return {
    command: 'ALTER USER',
    async run(session) {
      if (name !== session.user || options.seesAll !== undefined) requireAdmin(session, 'alter user');
      await requireUser(session, name);
      await session.run(`UPDATE ${RECORDS}.users SET password = $2 WHERE name = $1`, [name, password]);
      await setSyslogAccess(session, name, options);
      return NOTHING;
    },
  };
}

/** After DROP USER. */
export function dropUser(cursor: Cursor): Statement {
  const ifExists = cursor.take('if', 'exists');
  const names = cursor.list(() => cursor.name());
  cursor.end();
  return {
    command: 'DROP USER',
    async run(session) {
      requireAdmin(session, 'drop user');
      for (const name of names) {
        if (!ifExists) await requireUser(session, name);
        const owns = await session.exists(`SELECT 1 FROM ${RECORDS}.schema_owners WHERE owner = $1`, [name]);
        if (owns) throw new RedshiftError(`ERROR: user "${name}" cannot be dropped because it owns a schema`);
        await session.run(`DELETE FROM ${RECORDS}.create_grants WHERE grantee = $1`, [name]);
        await session.run(`DELETE FROM ${RECORDS}.syslog_access WHERE name = $1`, [name]);
        await session.run(`DELETE FROM ${RECORDS}.users WHERE name = $1`, [name]);
      }
      return NOTHING;
    },
  };
}

/** Null for DISABLE: nobody can log in with a password. */
function readPassword(cursor: Cursor, user: string): string | null {
  cursor.expect('password');
  if (cursor.take('disable')) return null;
  const password = cursor.text();
  const kept = keptPassword(user, password);
  if (kept !== password) refuseWeak(password);
  return kept;
}

function refuseWeak(password: string): void {
  const strong = /[a-z]/.test(password) && /[A-Z]/.test(password) && /\d/.test(password);
  const allowed = /^[\x21-\x7e]{8,64}$/.test(password) && !/['"\\/@]/.test(password);
  if (strong && allowed) return;
  throw new RedshiftError(
    'ERROR: a password has 8 to 64 characters of ASCII 33 to 126 but \' " \\ / @, and at least one upper-case letter, ' +
      'one lower-case letter and one number',
  );
}

interface Options {
  readonly superuser?: boolean;
  /** SYSLOG ACCESS: whether system views show the user what is others'. */
  readonly seesAll?: boolean;
}

function readOptions(cursor: Cursor): Options {
  let options: Options = {};
  while (!cursor.done) {
    const option = cursor.takeOneOf('createuser', 'nocreateuser', 'nocreatedb', 'syslog');
    if (option === undefined)
      throw notDone('this option of a user', 'it does PASSWORD, [NO]CREATEUSER, NOCREATEDB, SYSLOG ACCESS');
    if (option === 'syslog') {
      cursor.expect('access');
      const access = cursor.takeOneOf('restricted', 'unrestricted');
      if (access === undefined) throw notDone('this SYSLOG ACCESS', 'it is RESTRICTED or UNRESTRICTED');
      options = { ...options, seesAll: access === 'unrestricted' };
    } else if (option !== 'nocreatedb') options = { ...options, superuser: option === 'createuser' };
  }
  return options;
}

async function setSyslogAccess(session: Session, name: string, { seesAll }: Options): Promise<void> {
  if (seesAll === undefined) return;
  await session.run(`DELETE FROM ${RECORDS}.syslog_access WHERE name = $1`, [name]);
  if (seesAll) await session.run(`INSERT INTO ${RECORDS}.syslog_access VALUES ($1)`, [name]);
}
