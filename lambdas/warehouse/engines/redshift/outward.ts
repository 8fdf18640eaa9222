/** Rights to a table, and the comments on it, for a table that is created in its place. */
import type { Outward, Shape } from '#lambdas/warehouse/dialect.ts';
import type { Row, Session } from '#lambdas/warehouse/session.ts';
import { Terminal } from '#lib/contract/errors.ts';
import { identifier, literal, splitName, tableName } from '#lib/sql/quoting.ts';
/** Of a table as it is. Redshift shows a user the rights of others where it has SYSLOG ACCESS UNRESTRICTED. */
export async function outwardOf(session: Session, shape: Shape): Promise<Outward> {
  const { schema, table } = splitName(shape.name);
  const of = tableName(shape.name);
  const grants = await session.query({
    doing: `Reading who may do what with ${of}`,
    sql: `SELECT privilege_type, identity_name, identity_type, admin_option FROM svv_relation_privileges
          WHERE namespace_name = ${literal(schema)} AND relation_name = ${literal(table)}
          ORDER BY identity_type, identity_name, privilege_type`,
  });
  const named = `table_schema = ${literal(schema)} AND table_name = ${literal(table)} AND remarks IS NOT NULL`;
  const comments = await session.query({
    doing: `Reading the comments on ${of}`,
    sql: `SELECT column_name, remarks FROM svv_columns WHERE ${named}
          UNION ALL SELECT NULL, remarks FROM svv_tables WHERE ${named}`,
  });
  const kept = comments.filter(({ column_name: name }) => name === null || isDeclared(shape, name));
  return (target) => [...grants.map((row) => grant(target, row)), ...kept.map((row) => comment(target, row))];
}

const isDeclared = ({ columns }: Shape, name: Row[string] | undefined): boolean =>
  columns.some((column) => column.name === name);

function grant(target: string, row: Row): string {
  const privilege = String(row['privilege_type']).toUpperCase();
  if (!/^[A-Z ]+$/.test(privilege)) {
    throw new Terminal(`Granting on ${target} what was granted before: "${privilege}" is no right known to Redshift.`);
  }
  const option = row['admin_option'] === true ? ' WITH GRANT OPTION' : '';
  return `GRANT ${privilege} ON TABLE ${target} TO ${grantee(row)}${option}`;
}

function grantee({ identity_name: name, identity_type: type }: Row): string {
  const kind = String(type).toLowerCase();
  if (kind === 'public') return 'PUBLIC';
  return `${kind === 'role' || kind === 'group' ? `${kind.toUpperCase()} ` : ''}${identifier(String(name))}`;
}

const comment = (target: string, { column_name: name, remarks }: Row): string =>
  name === null || name === undefined
    ? `COMMENT ON TABLE ${target} IS ${literal(remarks ?? null)}`
    : `COMMENT ON COLUMN ${target}.${identifier(String(name))} IS ${literal(remarks ?? null)}`;
