/** Users of the warehouse, who owns a schema, and who may create in one. Rights on single tables are not kept. */
import { createHash } from 'node:crypto';
import { RECORDS, VIEWS } from '../catalog/system-views.ts';
import { RedshiftError } from '../errors.ts';
import type { Session } from './session.ts';

const NAMESPACES = `${VIEWS}.pg_namespace`;

export const userExists = (session: Session, name: string): Promise<boolean> =>
  session.exists(`SELECT 1 FROM ${RECORDS}.users WHERE name = $1`, [name]);

/** @throws RedshiftError where there is no such user */
export async function requireUser(session: Session, name: string): Promise<void> {
  if (!(await userExists(session, name))) throw new RedshiftError(`ERROR: user "${name}" does not exist`);
}

export const schemaExists = (session: Session, name: string): Promise<boolean> =>
  session.exists(`SELECT 1 FROM ${NAMESPACES} WHERE nspname = $1`, [name]);

/** @throws RedshiftError where there is no such schema */
export async function requireSchema(session: Session, name: string): Promise<void> {
  if (!(await schemaExists(session, name))) throw new RedshiftError(`ERROR: schema "${name}" does not exist`);
}

export function requireAdmin(session: Session, what: string): void {
  if (!session.isAdmin)
    throw new RedshiftError(`ERROR: permission denied to ${what}: ${session.user} is no administrator`);
}

const DATABASE = '';
/** @param schema undefined for the right to create schemas in the database */
export async function grantCreate(session: Session, schema: string | undefined, grantee: string): Promise<void> {
  await session.run(`INSERT INTO ${RECORDS}.create_grants VALUES ($1, $2)`, [schema ?? DATABASE, grantee]);
}
/** @param schema undefined for the right to create schemas in the database */
export async function revokeCreate(session: Session, schema: string | undefined, grantee: string): Promise<void> {
  const values = [schema ?? DATABASE, grantee];
  await session.run(`DELETE FROM ${RECORDS}.create_grants WHERE schema_name = $1 AND grantee = $2`, values);
}
export const PUBLIC = 'public';

/** @throws RedshiftError where the session's user may not create in the schema (undefined: in the database) */
export async function requireCreate(session: Session, schema: string | undefined): Promise<void> {
  if (session.isAdmin || schema === PUBLIC) return;
  if (schema !== undefined) await requireSchema(session, schema);
  const allowed = await session.exists(
    `SELECT 1 FROM ${RECORDS}.schema_owners WHERE schema_name = $1 AND owner = $2
     UNION ALL SELECT 1 FROM ${RECORDS}.create_grants WHERE schema_name = $1 AND grantee IN ($2, '${PUBLIC}')`,
    [schema ?? DATABASE, session.user],
  );
  if (allowed) return;
  const where = schema === undefined ? `database ${session.database}` : `schema ${schema}`;
  throw new RedshiftError(`ERROR: permission denied for ${where}`);
}

export async function setSchemaOwner(session: Session, schema: string, owner: string): Promise<void> {
  await session.run(`DELETE FROM ${RECORDS}.schema_owners WHERE schema_name = $1`, [schema]);
  await session.run(`INSERT INTO ${RECORDS}.schema_owners VALUES ($1, $2)`, [schema, owner]);
}

/**
 * As it is kept. A password may be given hashed: `md5…` of password and user, or `sha256|<digest>|<salt>`, the digest
 * being that of the password and the salt's bytes, the salt in hexadecimal and optional.
 */
export const keptPassword = (user: string, password: string): string =>
  /^md5[0-9a-f]{32}$/.test(password) || password.startsWith('sha256|') ? password : md5Of(user, password);

export function passwordMatches(user: string, password: string, kept: string): boolean {
  if (!kept.startsWith('sha256|')) return kept === md5Of(user, password);
  const [, digest, salt = ''] = kept.split('|');
  return digest === createHash('sha256').update(password).update(Buffer.from(salt, 'hex')).digest('hex');
}

const md5Of = (user: string, password: string): string => `md5${hash('md5', password + user)}`;
const hash = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex');
