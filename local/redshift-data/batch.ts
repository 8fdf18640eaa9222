/** Runs the statements of one request, in one transaction or each by itself, with Redshift's implicit commits. */

import { asRedshiftError } from './engine/duckdb-errors.ts';
import type { Session } from './engine/session.ts';
import type { Outcome, Statement } from './engine/statement.ts';
import { RedshiftError } from './errors.ts';
import { type CompileContext, compile } from './statements/compile.ts';

/** Hears of each statement, by its place in the batch. */
export interface BatchObserver {
  started(index: number): { queryId: number };
  finished(index: number, outcome: Outcome): void;
  failed(index: number, error: RedshiftError): void;
}

export interface Batch {
  readonly sqls: readonly string[];
  /** False: each statement commits by itself, and a failure does not stop the next. */
  readonly transaction: boolean;
  readonly context: CompileContext;
}

/** @throws RedshiftError where the batch as a whole failed: a statement, or its commit */
export async function runBatch(session: Session, batch: Batch, observer: BatchObserver): Promise<void> {
  const transaction = new Transaction(session);
  if (batch.transaction) await transaction.begin();
  let failure: RedshiftError | undefined;
  for (const [index, sql] of batch.sqls.entries()) {
    try {
      const { queryId } = observer.started(index);
      session.queryId = queryId;
      observer.finished(index, await transaction.run(compile(sql, batch.context)));
    } catch (error) {
      const reported = asRedshiftError(error);
      observer.failed(index, reported);
      failure ??= new RedshiftError(`Query #${index + 1} failed with ${reported.message}`, { cause: reported });
      await transaction.rollback();
      if (batch.transaction) break;
    }
  }
  if (failure) throw failure;
  await transaction.commit();
}

class Transaction {
  readonly #session: Session;
  /** Begun by the batch, and not yet committed by a statement such as TRUNCATE. */
  open = false;

  constructor(session: Session) {
    this.#session = session;
  }

  async begin(): Promise<void> {
    await this.#session.run('BEGIN');
    this.open = true;
  }

  async run(statement: Statement): Promise<Outcome> {
    if (this.open && statement.transaction === 'alone') {
      throw new RedshiftError(`ERROR: ${statement.command} cannot run inside a transaction block`);
    }
    if (!this.open && statement.transaction === 'inside') {
      throw new RedshiftError(`ERROR: ${statement.command} can only be used in transaction blocks`);
    }
    if (statement.transaction === 'commits') await this.commit();
    if (this.open) return statement.run(this.#session);
    await this.#session.run('BEGIN');
    const outcome = await statement.run(this.#session);
    await this.#session.run('COMMIT');
    return outcome;
  }

  async commit(): Promise<void> {
    if (this.open) await this.#session.run('COMMIT');
    this.open = false;
    this.#session.unlock();
  }

  async rollback(): Promise<void> {
    this.open = false;
    // DuckDB has already rolled back after a failed commit.
    await this.#session.connection.run('ROLLBACK').catch(ignoreNoTransaction);
  }
}

function ignoreNoTransaction(error: unknown): void {
  if (!(error instanceof Error && /no transaction is active/.test(error.message))) throw error;
}
