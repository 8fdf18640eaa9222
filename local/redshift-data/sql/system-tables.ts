/** Which relations a statement may name: tables of the warehouse, and the views that stand for Redshift's catalog. */
import { RECORDS_SCHEMA, SYSTEM_CATALOG, SYSTEM_VIEWS, VIEWS_SCHEMA } from '../catalog/system-views.ts';
import { notDone, RedshiftError } from '../errors.ts';
import { identifier, type Node, nameOf, type RewriteContext } from './tree.ts';

const SYSTEM_NAME = /^(pg|svv|svl|svcs|stl|stv|sys)_/;
const CATALOG_SCHEMAS = ['pg_catalog', 'information_schema'];
/** DuckDB's own, which a Redshift does not have. */
const HIDDEN_SCHEMAS = ['main', 'memory', 'system', 'temp', 'pg_temp', '_embedded', RECORDS_SCHEMA];
/** DuckDB reads a file whose name stands for a table. */
const FILE_LIKE = /[./\\:*?]/;
const DUCKDB_NAME = /^(duckdb|sqlite|pragma)_/;

export function rewriteTable(table: Node, { texts, ctes, aliases }: RewriteContext): Node {
  const name = nameOf(table['name']);
  const schema = nameOf(table['schema']);
  if (table['catalog']) throw notDone('tables of another database', 'write schema.table');
  if (texts.isMark(name)) throw new RedshiftError(`ERROR: syntax error at or near "'${texts.original(name)}'"`);
  if (CATALOG_SCHEMAS.includes(schema)) return systemView(table, schema === 'pg_catalog' ? name : `${schema}_${name}`);
  if (aliases.has(schema)) throw notDone('unnesting of a SUPER', 'it does navigation with dots');
  if (HIDDEN_SCHEMAS.includes(schema)) throw new RedshiftError(`ERROR: schema "${schema}" does not exist`);
  if (FILE_LIKE.test(name) || DUCKDB_NAME.test(name)) throw notDone(`a table named "${name}"`);
  const isSystem = schema === '' && SYSTEM_NAME.test(name) && !ctes.has(name);
  return isSystem ? systemView(table, name) : table;
}

function systemView(table: Node, name: string): Node {
  if (!SYSTEM_VIEWS.has(name))
    throw notDone(
      `the system table ${name}`,
      `it does ${[...SYSTEM_VIEWS.keys()].join(', ').replaceAll('_schema_', '_schema.')}`,
    );
  return {
    ...table,
    name: identifier(name),
    schema: identifier(VIEWS_SCHEMA),
    catalog: identifier(SYSTEM_CATALOG),
    alias: table['alias'] || identifier(nameOf(table['name'])),
    alias_explicit_as: true,
  };
}
