/** What a load is to do, and the tables that it works on. */

import { Terminal } from '#lib/contract/errors.ts';
import type { Column, TableDeclaration } from '#lib/contract/table.ts';
import { identifier, tableName } from '#lib/sql/quoting.ts';
import { type Claim, nameOf, workParameters } from './claims.ts';
import type { Dialect, Outward, Shape } from './dialect.ts';
import { ofIntervals } from './interval.ts';
import { childShapes } from './table-shape.ts';
import type { Part } from './warehouse.ts';

/** What the manifests say of one table. */
export interface StagedFiles {
  /** Of each extract, all items of a mapped one together, in the order in which the load takes them. */
  readonly extracts: readonly (readonly Part[])[];
  readonly rows: number;
}
export interface Staged {
  readonly manifests: number;
  /** Records of the source, the quarantined ones among them. */
  readonly extracted: number;
  readonly quarantined: number;
  /** The rows are only those that changed since then, ISO 8601: of all manifests the earliest. Absent: all that the source has. */
  readonly since?: string | undefined;
  /** By declared name, child tables too. */
  readonly tables: Readonly<Record<string, StagedFiles>>;
}

/** What a load does to the rows that a table holds: as its task type says. */
export type Mode = 'append' | 'truncate' | 'rebuild' | 'upsert';

export interface Load {
  readonly claim: Claim;
  readonly declaration: TableDeclaration;
  /** UTC, ISO 8601. */
  readonly logicalDate: string;
  /** The start of the run's data interval, likewise. */
  readonly interval: string;
  readonly mode: Mode;
  readonly staged: Staged;
  /** Begins the keys of what the load itself writes into the lake. */
  readonly prefix: string;
}

/** A load that makes its statements, for one engine. */
export interface LoadUnderway extends Load {
  readonly dialect: Dialect;
}

/** A table of a load, with where its rows are staged. */
export interface LoadedTable {
  readonly shape: Shape;
  /** Those that a staged row fills. */
  readonly columns: readonly Column[];
  /** Quoted. */
  readonly target: string;
  readonly staging: string;
  /** Begins the names of tables beside it that live in a transaction only. */
  readonly besides: string;
  readonly files: StagedFiles;
  /** What a staged row may say that its record lacked: columns and child tables by name. */
  readonly mayLack: readonly string[];
  /** Of the declared table, also for its child tables. */
  readonly primaryKey: readonly string[];
  /** The table of what becomes of the declared table's staged rows: modes/outcome.ts. Quoted. */
  readonly outcomes: string;
  /** Of a table that a rebuild creates anew: what the new one gets of the old one. */
  readonly outward?: Outward;
  /** Of a child table: its column for each column of the parent's primary key. */
  readonly parentKey?: Readonly<Record<string, string>>;
}

/** The declared table first, then its child tables. */
export type LoadedTables = readonly [LoadedTable, ...LoadedTable[]];

/** @throws Terminal where the declaration does not say what the mode needs */
export function tablesOf(load: Pick<Load, 'claim' | 'declaration' | 'staged' | 'mode'>): LoadedTables {
  const { claim, declaration, staged, mode } = load;
  checkIncrementalKey(declaration, mode);
  const table = (shape: Shape, at: number): LoadedTable => ({
    shape: mode === 'append' ? ofIntervals(shape) : shape,
    columns: shape.columns,
    target: tableName(shape.name),
    staging: `sluice.${identifier(`stage_${nameOf(claim)}_${at}`)}`,
    besides: `sluice_${nameOf(claim)}_${at}`,
    files: staged.tables[shape.name] ?? { extracts: [], rows: 0 },
    mayLack:
      at === 0 && declaration.incrementalKey !== undefined
        ? [...declaration.columns, ...declaration.children].map(({ name }) => name)
        : [],
    primaryKey: declaration.primaryKey,
    outcomes: `sluice.${identifier(`stage_${nameOf(claim)}_outcomes`)}`,
  });
  const children = childShapes(declaration).map((shape, at) => ({
    ...table(shape, at + 1),
    parentKey: parentKeyOf(declaration, at),
  }));
  return [table(declaration, 0), ...children];
}

function checkIncrementalKey({ name, incrementalKey }: TableDeclaration, mode: Mode): void {
  if (mode !== 'upsert' || incrementalKey !== undefined) return;
  throw new Terminal(
    `Loading ${name} by upsert: nothing says which of two rows is newer. ` +
      'Declare as incrementalKey in tables.ts the column that rises with each change of a row.',
  );
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
export const loadParameters = ({ claim, declaration, logicalDate, interval }: Load) => ({
  ...workParameters(claim),
  sluice_table: declaration.name,
  sluice_logical_date: timestamp(logicalDate),
  sluice_interval: timestamp(interval),
});

const timestamp = (instant: string): string => instant.replace('T', ' ').replace('Z', '');
