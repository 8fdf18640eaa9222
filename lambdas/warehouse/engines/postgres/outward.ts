/** Rights to a table, and the comments on it, for a table that is created in its place. */
import type { Outward, Shape } from '#lambdas/warehouse/dialect.ts';
import type { Row, Session } from '#lambdas/warehouse/session.ts';
import { identifier, literal, tableName } from '#lib/sql/quoting.ts';

/** Of a table as it is. The owner's own rights come with the new one. */
export async function outwardOf(session: Session, shape: Shape): Promise<Outward> {
  const of = tableName(shape.name);
  const table = `${literal(of)}::regclass`;
  const grants = await session.query({
    doing: `Reading who may do what with ${of}`,
    sql: `SELECT entry.privilege_type AS privilege, CASE entry.grantee WHEN 0 THEN NULL
            ELSE pg_get_userbyid(entry.grantee) END AS grantee, entry.is_grantable
          FROM pg_class, LATERAL aclexplode(relacl) AS entry
          WHERE pg_class.oid = ${table} AND entry.grantee <> relowner ORDER BY grantee, privilege`,
  });
  const comments = await session.query({
    doing: `Reading the comments on ${of}`,
    sql: `SELECT attname AS column_name, description FROM pg_description
          LEFT JOIN pg_attribute ON attrelid = objoid AND attnum = objsubid AND objsubid > 0
          WHERE objoid = ${table} AND classoid = 'pg_class'::regclass ORDER BY objsubid`,
  });
  const kept = comments.filter(
    ({ column_name: name }) => name === null || shape.columns.some((one) => one.name === name),
  );
  return (target) => [...grants.map((row) => grant(target, row)), ...kept.map((row) => comment(target, row))];
}

function grant(target: string, { privilege, grantee, is_grantable: isGrantable }: Row): string {
  const to = grantee === null ? 'PUBLIC' : identifier(String(grantee));
  return `GRANT ${privilege} ON TABLE ${target} TO ${to}${isGrantable === true ? ' WITH GRANT OPTION' : ''}`;
}

const comment = (target: string, { column_name: name, description }: Row): string =>
  `COMMENT ON ${name === null ? `TABLE ${target}` : `COLUMN ${target}.${identifier(String(name))}`} ` +
  `IS ${text(String(description))}`;

/** A comment is a constant: no expression stands for its backslashes. */
const text = (value: string): string => `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
