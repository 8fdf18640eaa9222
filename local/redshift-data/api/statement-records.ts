/** What the API knows of the statements of the last 24 hours. In memory: a restart forgets them, as it ends them. */
import { randomUUID } from 'node:crypto';
import type { ResultSet } from '../engine/results.ts';
import type { Outcome } from '../engine/statement.ts';
import { DataApiError, RedshiftError } from '../errors.ts';

export type Status = 'SUBMITTED' | 'STARTED' | 'FINISHED' | 'FAILED' | 'ABORTED';

/** One statement, or one of a batch. */
interface Part {
  readonly sql: string;
  status: Status;
  createdAt: Date;
  updatedAt: Date;
  /** Milliseconds of a monotonic clock. */
  startedAt?: number;
  endedAt?: number;
  queryId: number;
  rows: number;
  result?: ResultSet;
  error?: string;
}

export interface RequestFacts {
  readonly sqls: readonly string[];
  readonly isBatch: boolean;
  readonly name?: string | undefined;
  /** What answers and descriptions repeat of the request. */
  readonly echo: Readonly<Record<string, unknown>>;
}

export class StatementRecord implements RequestFacts {
  readonly id = randomUUID();
  readonly createdAt = new Date();
  readonly sqls: readonly string[];
  readonly isBatch: boolean;
  readonly name: string | undefined;
  readonly echo: RequestFacts['echo'];
  readonly parts: readonly Part[];
  status: Status = 'SUBMITTED';
  error: string | undefined;
  updatedAt = this.createdAt;
  isCancelled = false;
  /** Stops what runs on its connection. */
  onCancel: (() => void) | undefined;
  readonly #ended = Promise.withResolvers<void>();

  constructor({ sqls, isBatch, name, echo }: RequestFacts) {
    this.sqls = sqls;
    this.isBatch = isBatch;
    this.name = name;
    this.echo = echo;
    this.parts = sqls.map((sql) => ({
      sql,
      status: 'SUBMITTED',
      createdAt: this.createdAt,
      updatedAt: this.createdAt,
      queryId: -1,
      rows: -1,
    }));
  }

  get hasResultSet(): boolean {
    return this.parts.some(({ result }) => result !== undefined);
  }

  get hasEnded(): boolean {
    return this.status !== 'SUBMITTED' && this.status !== 'STARTED';
  }

  /** Until it ends, or for so many seconds. */
  async wait(seconds: number | undefined): Promise<void> {
    if (this.hasEnded || seconds === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, seconds * 1000);
    });
    await Promise.race([this.#ended.promise, timeout]);
    clearTimeout(timer);
  }

  cancel(): void {
    if (this.hasEnded) return;
    this.isCancelled = true;
    this.onCancel?.();
  }

  /** @throws RedshiftError where it was cancelled before */
  started(index: number): { queryId: number } {
    if (this.isCancelled) throw new RedshiftError("ERROR: Query cancelled on user's request");
    const part = this.#part(index);
    part.queryId = nextQueryId();
    part.startedAt = performance.now();
    this.#set(part, 'STARTED');
    this.#set(this, 'STARTED');
    return part;
  }

  finished(index: number, { rows, result }: Outcome): void {
    const part = this.#part(index);
    part.rows = rows;
    if (result) part.result = result;
    part.endedAt = performance.now();
    this.#set(part, 'FINISHED');
  }

  failed(index: number, { message }: RedshiftError): void {
    const part = this.#part(index);
    part.error = message;
    part.endedAt = performance.now();
    this.#set(part, 'FAILED');
  }

  end(status: Extract<Status, 'FINISHED' | 'FAILED' | 'ABORTED'>, error?: string): void {
    if (this.hasEnded) return;
    for (const part of this.parts) {
      if (part.status === 'SUBMITTED' || (status === 'ABORTED' && part.status !== 'FINISHED'))
        this.#set(part, 'ABORTED');
    }
    if (error !== undefined) this.error = this.isBatch ? error : error.replace(/^Query #1 failed with /, '');
    this.#set(this, status);
    this.#ended.resolve();
  }

  #part(index: number): Part {
    const part = this.parts[index];
    if (!part) throw new RangeError(`Statement ${this.id} has no part ${index}`);
    return part;
  }

  #set(what: { status: Status; updatedAt: Date }, status: Status): void {
    what.status = status;
    what.updatedAt = new Date();
  }
}

/** Rising over restarts too: load errors are found by it. */
let lastQueryId = Math.floor(Date.now() / 1000) * 100;
const nextQueryId = (): number => {
  lastQueryId += 1;
  return lastQueryId;
};

const KEPT_MS = 24 * 60 * 60 * 1000;

export class StatementRecords {
  readonly #records = new Map<string, StatementRecord>();
  readonly #tokens = new Map<string, { fingerprint: string; record: StatementRecord }>();

  add(record: StatementRecord): void {
    const oldest = Date.now() - KEPT_MS;
    for (const [id, { createdAt }] of this.#records) if (createdAt.getTime() < oldest) this.#records.delete(id);
    for (const [token, { record: old }] of this.#tokens) if (!this.#records.has(old.id)) this.#tokens.delete(token);
    this.#records.set(record.id, record);
  }

  /**
   * The record that a request with this token made before, or the one that `make` makes.
   * @throws DataApiError where that was another request
   */
  once(token: string | undefined, fingerprint: string, make: () => StatementRecord): StatementRecord {
    const earlier = token === undefined ? undefined : this.#tokens.get(token);
    if (earlier && earlier.fingerprint !== fingerprint) {
      throw new DataApiError('ValidationException', `ClientToken ${token} was used with another request.`);
    }
    if (earlier) return earlier.record;
    const record = make();
    this.add(record);
    if (token !== undefined) this.#tokens.set(token, { fingerprint, record });
    return record;
  }

  /**
   * By the id of a statement, or of one of a batch: `<id>:<n>`, n from 1.
   * @throws DataApiError where there is none
   */
  find(id: string): { record: StatementRecord; part: Part | undefined } {
    const [own = id, number] = id.split(':');
    const record = this.#records.get(own);
    const part = number === undefined ? undefined : record?.parts[Number(number) - 1];
    if (!record || (number !== undefined && !part)) {
      throw new DataApiError('ResourceNotFoundException', `Query does not exist: ${id}`);
    }
    return { record, part };
  }

  /** Newest first. */
  all(): StatementRecord[] {
    return [...this.#records.values()].reverse();
  }
}
export type { Part };
