/** Takes statements, answers with an id at once, and runs them. */
import { type Batch, runBatch } from '../batch.ts';
import type { ObjectStore } from '../copy/files.ts';
import type { Session } from '../engine/session.ts';
import { checkParameters } from '../sql/parameters.ts';
import { type AccessDeps, openSession, requireWorkgroup } from './access.ts';
import type { BatchRequest, ConnectionRequest, ExecuteRequest } from './requests.ts';
import { StatementRecord, StatementRecords } from './statement-records.ts';

export interface ExecutionDeps extends AccessDeps {
  readonly objects: ObjectStore;
}

type Request = Omit<ExecuteRequest, 'Sql'>;
type Texts = Pick<Batch, 'sqls' | 'transaction'> & { readonly isBatch: boolean };

export class Executions {
  readonly records = new StatementRecords();
  readonly #deps: ExecutionDeps;
  readonly #running = new Set<Promise<void>>();

  constructor(deps: ExecutionDeps) {
    this.#deps = deps;
  }

  execute({ Sql, ...request }: ExecuteRequest): Promise<Record<string, unknown>> {
    return this.#submit(request, { sqls: [Sql], isBatch: false, transaction: false });
  }

  executeBatch({ Sqls, ExecutionMode, ...request }: BatchRequest): Promise<Record<string, unknown>> {
    return this.#submit(request, { sqls: Sqls, isBatch: true, transaction: ExecutionMode !== 'AUTO_COMMIT' });
  }

  /** Cancels what runs and waits for its end. */
  async end(): Promise<void> {
    for (const record of this.records.all()) record.cancel();
    await Promise.all(this.#running);
  }

  async #submit(request: Request, texts: Texts): Promise<Record<string, unknown>> {
    const { ClientToken, WaitTimeSeconds, ...facts } = request;
    checkParameters(texts.sqls, request.Parameters ?? []);
    requireWorkgroup(request, this.#deps);
    const record = this.records.once(ClientToken, JSON.stringify([facts, texts]), () => this.#start(request, texts));
    await record.wait(WaitTimeSeconds);
    const { QueryParameters: _, ...echo } = record.echo;
    const state = { Status: record.status, HasResultSet: record.hasResultSet };
    return { ...echo, Id: record.id, CreatedAt: record.createdAt, ...(WaitTimeSeconds !== undefined && state) };
  }

  #start(request: Request, { sqls, isBatch, transaction }: Texts): StatementRecord {
    const { Database, WorkgroupName, SecretArn, Parameters: parameters = [] } = request;
    const echo = {
      Database,
      WorkgroupName,
      ...(SecretArn !== undefined && { SecretArn }),
      ...(parameters.length > 0 && { QueryParameters: parameters }),
    };
    const record = new StatementRecord({ sqls, isBatch, name: request.StatementName, echo });
    const batch: Batch = { sqls, transaction, context: { parameters, objects: this.#deps.objects } };
    const running = this.#run(record, request, batch).finally(() => this.#running.delete(running));
    this.#running.add(running);
    return record;
  }

  /** Never rejects: what goes wrong is the record's error. */
  async #run(record: StatementRecord, request: ConnectionRequest, batch: Batch): Promise<void> {
    let session: Session | undefined;
    try {
      session = await openSession(request, this.#deps);
      const { connection } = session;
      record.onCancel = () => connection.interrupt();
      await runBatch(session, batch, record);
      record.end('FINISHED');
    } catch (error) {
      record.end(record.isCancelled ? 'ABORTED' : 'FAILED', error instanceof Error ? error.message : String(error));
    } finally {
      record.onCancel = undefined;
      session?.connection.closeSync();
      session?.unlock();
    }
  }
}
