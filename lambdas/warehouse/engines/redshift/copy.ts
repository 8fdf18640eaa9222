/** COPY of staged parts into a staging table. */

import { ABSENT, inQuotes, RECORD_NUMBER, RECORDS_OF_AN_EXTRACT } from '#lambdas/lake/numbered.ts';
import type { LoadedTable, Part } from '#lambdas/warehouse/plan.ts';
import { attributes, columnList } from '#lambdas/warehouse/table-shape.ts';
import type { Column } from '#lib/contract/table.ts';
import { identifier, literal } from '#lib/sql/quoting.ts';

type StagingTable = Pick<LoadedTable, 'staging' | 'columns' | 'shape' | 'mayLack'>;

export const createStaging = (table: StagingTable): string =>
  `CREATE TABLE ${table.staging} (${identifier(RECORD_NUMBER)} int8 NOT NULL, ` +
  `${stagedColumns(table)
    .map(({ name, type }) => `${identifier(name)} ${type}`)
    .join(', ')})${attributes(table.shape)}`;

/** Wide enough for all names. */
function stagedColumns({ columns, mayLack }: StagingTable): readonly Column[] {
  if (mayLack.length === 0) return columns;
  const bytes = Buffer.byteLength(mayLack.map(inQuotes).join(','));
  return [...columns, { name: ABSENT, type: `varchar(${bytes})` }];
}

/**
 * The list of files that COPY reads, and of no others: a file that is missing fails it.
 * @param urlOf gives `s3://…` for a key
 */
export const copyManifest = (parts: readonly Part[], urlOf: (key: string) => string): string =>
  JSON.stringify({
    entries: parts.map(({ key, bytes }) => ({
      url: urlOf(key),
      mandatory: true,
      meta: { content_length: bytes },
    })),
  });

/**
 * Loads every row as it is or fails: nothing is skipped and nothing cut off.
 *
 * @param manifest `s3://…` of the list of files
 * @param role the ARN of the role that the warehouse reads the lake with
 */
export const copyStatement = (table: StagingTable, manifest: string, role: string): string =>
  `COPY ${table.staging} (${columnList([{ name: RECORD_NUMBER }, ...stagedColumns(table)])}) FROM ${literal(manifest)} ` +
  `IAM_ROLE ${literal(role)} FORMAT AS JSON 'auto' GZIP MANIFEST TIMEFORMAT 'auto' MAXERROR 0`;

/** Makes room for the records of one more extract before those that are there. */
export function numberOn({ staging }: StagingTable): string {
  const number = identifier(RECORD_NUMBER);
  return `UPDATE ${staging} SET ${number} = ${number} + ${RECORDS_OF_AN_EXTRACT}`;
}
