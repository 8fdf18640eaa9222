/** SQL that an engine runs, and how it ends. */
import type { Value } from '#lib/sql/quoting.ts';

interface Statement {
  /** For messages, as the beginning of a sentence: `Copying 3 files into "a"."b"`. */
  readonly doing: string;
  /** Values of the `:name`s. An empty text cannot be bound. Each must occur in the text. */
  readonly parameters?: Readonly<Record<string, string>>;
}
export interface Query extends Statement {
  readonly sql: string;
}
export interface Batch extends Statement {
  readonly sqls: readonly string[];
  /** Names this batch, 64 characters at the most: sent twice under one token, it runs once. */
  readonly token?: string;
}
export type Row = Readonly<Record<string, Value>>;

/** What one statement gave. */
export interface Rows {
  /** Their names; none of a statement that gives no rows. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
  /** Of such a statement: how many it changed, 0 where it changes none or does not say. */
  readonly changed?: number;
}

/**
 * SQL under one user. All wait until the statement ends.
 * @throws Again where the function's time ends first: the next attempt attaches by the token
 * @throws Transient | Terminal where it fails, as the engine's errors.ts says
 */
export interface Session {
  /** Runs the statements in one transaction, and gives the rows that each changed or gave. */
  run(batch: Batch): Promise<number[]>;
  /** The rows of one query. */
  query(query: Query): Promise<Row[]>;
  /** Runs the statements in one transaction, and gives the last one's first value; undefined where it gives no row. */
  value(batch: Batch): Promise<Value | undefined>;
}

/** A statement that the warehouse ended in failure: the cause of the error that leaves the Lambda. */
export class StatementFailed extends Error {
  override readonly name = 'StatementFailed';
  /** In the warehouse's own words. */
  readonly reason: string;

  constructor(message: string, reason = message) {
    super(message);
    this.reason = reason;
  }
}

/** Whether the warehouse itself ended a statement in failure, so that attaching to it again gives the same. */
export const endedInFailure = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof StatementFailed;
