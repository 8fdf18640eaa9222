/** The one user, no administrator, that tasks work as in the warehouse, and the schemas that are theirs. */
import { createHash, randomBytes } from 'node:crypto';
import { createBookkeeping } from '#lambdas/warehouse/bookkeeping.ts';
import { redshiftDialect } from '#lambdas/warehouse/engines/redshift/dialect.ts';
import type { Session } from '#lambdas/warehouse/session.ts';
import { identifier, literal } from '#lib/sql/quoting.ts';

export interface WarehouseUser {
  readonly username: string;
  readonly password: string;
  readonly database: string;
  /** Created where absent. */
  readonly schemas: readonly string[];
}
export interface Sessions {
  readonly admin: Session;
  /** Of the user that is made. */
  readonly user: Session;
}

/**
 * Makes the user, or sets the password of the one that there is; then the schemas and, as the user, the tables of
 * schema sluice. May be repeated.
 *
 * The user sees what others do and are granted, also in system views (SYSLOG ACCESS UNRESTRICTED): otherwise
 * svv_relation_privileges would hide the grants on its tables, and a table created anew would lose them.
 *
 * The user may create schemas in the database, because a load makes the schema of its table where it is absent, and
 * Redshift asks for that right also where it exists.
 *
 * @throws SluiceError where a statement fails, or the user cannot log in afterwards
 */
export async function makeUser({ admin, user }: Sessions, made: WarehouseUser): Promise<void> {
  const name = identifier(made.username);
  const [found] = await admin.query({
    doing: `Looking for the user ${name}`,
    sql: 'SELECT usename FROM pg_user WHERE usename = :username',
    parameters: { username: made.username },
  });
  await admin.run({
    doing: found ? `Setting the password of the user ${name}` : `Creating the user ${name}`,
    sqls: [
      `${found ? 'ALTER' : 'CREATE'} USER ${name} PASSWORD ${literal(hashed(made.password))} SYSLOG ACCESS UNRESTRICTED`,
    ],
  });
  await admin.run({
    doing: `Creating the schemas of the user ${name}`,
    sqls: [
      ...made.schemas.map((schema) => `CREATE SCHEMA IF NOT EXISTS ${identifier(schema)} AUTHORIZATION ${name}`),
      ...made.schemas.map((schema) => `GRANT ALL ON SCHEMA ${identifier(schema)} TO ${name}`),
      `GRANT CREATE ON DATABASE ${identifier(made.database)} TO ${name}`,
    ],
  });
  // Here and not only by the first loads, which begin at once and would stand in each other's way.
  await user.run({ doing: `Logging in as the user ${name}`, sqls: createBookkeeping(redshiftDialect) });
}

/**
 * A password as Redshift stores it, so that its text stands in no statement and no query log:
 * `sha256|<digest>|<salt>`, the digest being that of the password followed by the salt's bytes (the reference of CREATE
 * USER gives an example, which the test holds this to).
 */
export function hashed(password: string, salt: Buffer = randomBytes(32)): string {
  const digest = createHash('sha256').update(password).update(salt).digest('hex');
  return `sha256|${digest}|${salt.toString('hex')}`;
}
