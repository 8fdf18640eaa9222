/** Staged files into staging tables, one beside each table of a load. */
import { identifier } from '#lib/sql/quoting.ts';
import { ABSENT, inQuotes, RECORD_NUMBER, RECORDS_OF_AN_EXTRACT } from '../lake/numbered.ts';
import { tokenOf } from './claims.ts';
import type { Dialect } from './dialect.ts';
import { type Load, type LoadedTable, type LoadedTables, tablesOf } from './plan.ts';
import type { CopyBatch, CopyFiles, Warehouse } from './warehouse.ts';

/** Copies what is staged, and drops what the claim before left, whose transaction failed. */
export async function copyStaged(warehouse: Warehouse, work: Load, tables: LoadedTables): Promise<void> {
  const { claim } = work;
  const left = tablesOf({ ...work, claim: { ...claim, n: claim.n - 1 } });
  const steps: CopyBatch['steps'][number][] = claim.n > 1 ? left.map(drop) : [];
  for (const table of tables) {
    steps.push(drop(table), createStaging(warehouse.dialect, table), ...copyExtracts(work, table));
  }
  const parts = tables.reduce((sum, { files }) => sum + files.extracts.flat().length, 0);
  const doing = `Copying ${parts} staged files for ${tables[0].target}`;
  await warehouse.copy({ doing, steps, token: tokenOf(claim, 'copy') });
}

export async function dropStaging(warehouse: Warehouse, tables: LoadedTables): Promise<void> {
  await warehouse.run({ doing: `Dropping the staging tables of ${tables[0].target}`, sqls: tables.map(drop) });
}

const drop = ({ staging }: LoadedTable): string => `DROP TABLE IF EXISTS ${staging}`;

function createStaging(dialect: Dialect, table: LoadedTable): string {
  const columns = [...table.columns, ...absentColumn(table)];
  return (
    `CREATE TABLE ${table.staging} (${identifier(RECORD_NUMBER)} int8 NOT NULL, ` +
    `${columns.map(({ name, type }) => `${identifier(name)} ${dialect.typeName(type)}`).join(', ')})` +
    dialect.attributes(table.shape)
  );
}

/** Wide enough for all names. */
function absentColumn({ mayLack }: LoadedTable) {
  const bytes = Buffer.byteLength(mayLack.map(inQuotes).join(','));
  return mayLack.length === 0 ? [] : [{ name: ABSENT, type: `varchar(${bytes})` } as const];
}

/** The last extract first: what is copied is numbered on before each further one, so that the last one's rows come last. */
function copyExtracts({ prefix }: Load, table: LoadedTable): (string | CopyFiles)[] {
  const columns = [{ name: RECORD_NUMBER, type: 'int8' } as const, ...table.columns, ...absentColumn(table)];
  return [...table.files.extracts.entries()].reverse().flatMap(([place, parts]) => {
    const files = `${prefix}${table.shape.name}${place === 0 ? '' : `.${place}`}`;
    return [
      ...(parts.length > 0 ? [{ into: table.staging, columns, parts, prefix: files }] : []),
      ...(place > 0 ? [numberOn(table)] : []),
    ];
  });
}

/** Makes room for the records of one more extract before those that are there. */
function numberOn({ staging }: LoadedTable): string {
  const number = identifier(RECORD_NUMBER);
  return `UPDATE ${staging} SET ${number} = ${number} + ${RECORDS_OF_AN_EXTRACT}`;
}
