/** What a load is to do, and the tables that it works on. */
import type { TableDeclaration } from '#lib/contract/table.ts';
import { Terminal } from '../runtime/errors.ts';
import { type Claim, nameOf, workParameters } from './claims.ts';
import type { Part } from './copy.ts';
import { identifier, tableName } from './quoting.ts';
import { childShapes, type Shape } from './table-shape.ts';

/** What the manifests say of one table. */
export interface StagedFiles {
  readonly parts: readonly Part[];
  readonly rows: number;
}
export interface Staged {
  readonly manifests: number;
  /** Records of the source, the quarantined ones among them. */
  readonly extracted: number;
  readonly quarantined: number;
  /** By declared name, child tables too. */
  readonly tables: Readonly<Record<string, StagedFiles>>;
}

export interface Load {
  readonly claim: Claim;
  readonly declaration: TableDeclaration;
  /** UTC, ISO 8601. */
  readonly logicalDate: string;
  /** `rebuild`: afterwards the table holds these rows and no others. */
  readonly mode: 'rebuild';
  readonly staged: Staged;
  /** The ARN of the role that COPY reads the lake with. */
  readonly copyRole: string;
  /** Writes the list of files that COPY reads for a table, and gives its `s3://…` address. */
  readonly writeList: (table: string, parts: readonly Part[]) => Promise<string>;
}

/** A table of a load, with where its rows are staged. */
export interface LoadedTable {
  readonly shape: Shape;
  /** Quoted. */
  readonly target: string;
  readonly staging: string;
  readonly files: StagedFiles;
  /** Of a child table: its column for each column of the parent's primary key. */
  readonly parentKey?: Readonly<Record<string, string>>;
}

/** The declared table first, then its child tables. */
export type LoadedTables = readonly [LoadedTable, ...LoadedTable[]];

/** @throws Terminal where a child table does not carry its parent's primary key */
export function tablesOf({ claim, declaration, staged }: Pick<Load, 'claim' | 'declaration' | 'staged'>): LoadedTables {
  const table = (shape: Shape, at: number): LoadedTable => ({
    shape,
    target: tableName(shape.name),
    staging: `sluice.${identifier(`stage_${nameOf(claim)}_${at}`)}`,
    files: staged.tables[shape.name] ?? { parts: [], rows: 0 },
  });
  const children = childShapes(declaration).map((shape, at) => ({
    ...table(shape, at + 1),
    parentKey: parentKeyOf(declaration, at),
  }));
  return [table(declaration, 0), ...children];
}

function parentKeyOf({ name, primaryKey, children }: TableDeclaration, at: number): Record<string, string> {
  const parent = Object.entries(children[at]?.parent ?? {}).filter(([, column]) => primaryKey.includes(column));
  const missing = primaryKey.filter((key) => !parent.some(([, column]) => column === key));
  if (missing.length === 0) return Object.fromEntries(parent);
  throw new Terminal(
    `The child table ${children[at]?.name} has no column for ${missing.join(', ')} of the primary key of ${name}. ` +
      'Add it to `parent` in tables.ts: child rows are kept and replaced with their parent row.',
  );
}

/** What the conditions and the record of a load bind. */
export const loadParameters = ({ claim, declaration, logicalDate }: Load) => ({
  ...workParameters(claim),
  sluice_table: declaration.name,
  sluice_logical_date: logicalDate.replace('T', ' ').replace('Z', ''),
});
