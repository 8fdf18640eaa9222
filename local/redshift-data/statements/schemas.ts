/** CREATE, ALTER and DROP SCHEMA. */
import { RECORDS, RECORDS_SCHEMA, TABLES_CATALOG } from '../catalog/system-views.ts';
import { NOTHING, type Statement } from '../engine/statement.ts';
import { requireCreate, requireSchema, requireUser, schemaExists, setSchemaOwner } from '../engine/users.ts';
import { notDone, RedshiftError } from '../errors.ts';
import type { Cursor } from '../sql/cursor.ts';
import { quoteName } from '../sql/names.ts';

/** Names that DuckDB keeps for itself. */
const TAKEN = ['main', 'memory', 'system', 'temp', TABLES_CATALOG, RECORDS_SCHEMA];

/** After CREATE SCHEMA. */
export function createSchema(cursor: Cursor): Statement {
  const ifNotExists = cursor.take('if', 'not', 'exists');
  const named = cursor.sees('authorization') ? undefined : cursor.name();
  const owner = cursor.take('authorization') ? cursor.name() : undefined;
  const name = named ?? owner ?? '';
  cursor.end();
  if (TAKEN.includes(name)) throw notDone(`a schema named "${name}"`);
  if (name.startsWith('pg_')) throw new RedshiftError(`ERROR: unacceptable schema name "${name}"`);
  return {
    command: 'CREATE SCHEMA',
    async run(session) {
      if (owner !== undefined) await requireUser(session, owner);
      if (ifNotExists && (await schemaExists(session, name))) return NOTHING;
      await requireCreate(session, undefined);
      await session.run(`CREATE SCHEMA ${quoteName(name)}`);
      await setSchemaOwner(session, name, owner ?? session.user);
      return NOTHING;
    },
  };
}

/** After ALTER SCHEMA. */
export function alterSchema(cursor: Cursor): Statement {
  const name = cursor.name();
  if (!cursor.take('owner', 'to')) throw notDone('this ALTER SCHEMA', 'it does OWNER TO');
  const owner = cursor.name();
  cursor.end();
  return {
    command: 'ALTER SCHEMA',
    async run(session) {
      await requireSchema(session, name);
      await requireUser(session, owner);
      await setSchemaOwner(session, name, owner);
      return NOTHING;
    },
  };
}

/** After DROP SCHEMA. */
export function dropSchema(cursor: Cursor): Statement {
  const ifExists = cursor.take('if', 'exists');
  const names = cursor.list(() => cursor.name());
  const cascade = cursor.takeOneOf('cascade', 'restrict') === 'cascade';
  cursor.end();
  return {
    command: 'DROP SCHEMA',
    async run(session) {
      for (const name of names) {
        if (!ifExists) await requireSchema(session, name);
        await session.run(`DROP SCHEMA IF EXISTS ${quoteName(name)}${cascade ? ' CASCADE' : ''}`);
        await session.run(`DELETE FROM ${RECORDS}.schema_owners WHERE schema_name = $1`, [name]);
        await session.run(`DELETE FROM ${RECORDS}.create_grants WHERE schema_name = $1`, [name]);
        await session.run(`DELETE FROM ${RECORDS}.table_grants WHERE schema_name = $1`, [name]);
      }
      return NOTHING;
    },
  };
}
