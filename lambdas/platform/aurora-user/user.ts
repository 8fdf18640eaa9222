/** The one user, no administrator, that tasks work as in an Aurora database. */
import { identifier, literal } from '#lib/sql/quoting.ts';

export interface AuroraUser {
  readonly username: string;
  readonly database: string;
}

/**
 * What makes the user, statement by statement; it may be repeated. The user has no password: `rds_iam` lets in whose
 * role in IAM may log in as it. It makes its schemas and tables by itself, as any load does.
 */
export const userStatements = ({ username, database }: AuroraUser): string[] => [
  `DO $sluice$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(username)}) THEN
      CREATE ROLE ${identifier(username)} LOGIN;
    END IF;
  END $sluice$`,
  `GRANT rds_iam TO ${identifier(username)}`,
  `GRANT CREATE ON DATABASE ${identifier(database)} TO ${identifier(username)}`,
];
