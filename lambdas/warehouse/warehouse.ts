/** A warehouse, as the protocol of a load works with it. What differs by engine lies in engines/<engine>/. */
import type { Column } from '#lib/contract/table.ts';
import type { Dialect } from './dialect.ts';
import type { Batch, Session } from './session.ts';

export interface Warehouse extends Session {
  readonly dialect: Dialect;
  /** Runs the steps in one transaction. */
  copy(batch: CopyBatch): Promise<void>;
}

/** A staged file: gzip, one row a line. `bytes` is the size of the stored object. */
export interface Part {
  readonly key: string;
  readonly bytes: number;
}

/** Every row of the files into a table, as it is, or a failure: nothing is skipped and nothing cut off. */
export interface CopyFiles {
  /** Quoted. */
  readonly into: string;
  /** By name: those that a row may fill. */
  readonly columns: readonly Pick<Column, 'name' | 'type'>[];
  readonly parts: readonly Part[];
  /** Begins the keys of what an engine itself writes into the lake for this step. */
  readonly prefix: string;
}
export interface CopyBatch extends Pick<Batch, 'doing' | 'token'> {
  /** Statements, and files to copy. */
  readonly steps: readonly (string | CopyFiles)[];
}
