import type { ResultSet } from './results.ts';
import type { Session } from './session.ts';

export interface Outcome {
  /** Returned or changed. */
  readonly rows: number;
  readonly result?: ResultSet;
}

/** A statement that was read and may be run. */
export interface Statement {
  /**
   * `commits`: ends the transaction it runs in, as TRUNCATE does on Redshift, and what follows commits by itself.
   * `alone`: refuses to run inside a transaction. `inside`: refuses to run outside of one.
   */
  readonly transaction?: 'commits' | 'alone' | 'inside';
  /** As Redshift calls it in messages. */
  readonly command: string;
  /** @throws RedshiftError */
  run(session: Session): Promise<Outcome>;
}

export const NOTHING: Outcome = { rows: 0 };
