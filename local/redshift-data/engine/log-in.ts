/** Who a request works as: the user that its secret names. */
import { RECORDS, SESSION_USER_VARIABLE } from '../catalog/system-views.ts';
import { RedshiftError } from '../errors.ts';
import { Session } from './session.ts';
import { passwordMatches } from './users.ts';
import type { Warehouse } from './warehouse.ts';

export interface Credentials {
  /** The secret's string, `{"username", "password"}`; undefined where there is no such secret. */
  readonly secret: string | undefined;
  readonly secretId: string;
}

/** Without a secret Redshift would make a user of the caller's IAM identity, who may do next to nothing. */
const IAM_USER = 'IAMR:embedded';

/** @throws RedshiftError where Redshift would not let the user in */
export async function logIn(warehouse: Warehouse, credentials: Credentials | undefined): Promise<Session> {
  const login = credentials && readSecret(credentials);
  const connection = await warehouse.connect();
  const session = (isAdmin: boolean) =>
    new Session(connection, {
      user: login?.username ?? IAM_USER,
      isAdmin,
      database: warehouse.database,
      connectAside: () => warehouse.connect(),
      locks: warehouse.locks,
      file: warehouse.file,
    });
  try {
    const isAdmin = login ? await authenticate(session(false), login) : false;
    await connection.run(`SET VARIABLE ${SESSION_USER_VARIABLE} = $1`, [login?.username ?? IAM_USER]);
    return session(isAdmin);
  } catch (error) {
    connection.closeSync();
    throw error;
  }
}

interface Login {
  readonly username: string;
  readonly password: string;
}

/** Whether the user is an administrator. The namespace's own one has a password that only Redshift knows. */
async function authenticate(session: Session, { username, password }: Login): Promise<boolean> {
  const [user] = await session.rows(`SELECT superuser, password FROM ${RECORDS}.users WHERE name = $1`, [username]);
  const kept = user?.['password'];
  const isNamespaceAdmin = user?.['superuser'] === true && kept === null;
  const known = isNamespaceAdmin || (typeof kept === 'string' && passwordMatches(username, password, kept));
  if (!known) throw new RedshiftError(`FATAL: password authentication failed for user "${username}"`);
  return user?.['superuser'] === true;
}

function readSecret({ secret, secretId }: Credentials): Login {
  if (secret === undefined) {
    throw new RedshiftError(`Secrets Manager can't find the specified secret: ${secretId}`);
  }
  const value = parse(secret);
  if (typeof value?.username === 'string' && typeof value.password === 'string') {
    return { username: value.username.toLowerCase(), password: value.password };
  }
  throw new RedshiftError(`The secret ${secretId} does not hold JSON with a username and a password.`);
}

function parse(secret: string): Partial<Login> | undefined {
  try {
    return JSON.parse(secret) as Partial<Login>;
  } catch {
    return undefined;
  }
}
