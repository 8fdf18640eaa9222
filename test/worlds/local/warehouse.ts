/** An embedded warehouse in a directory of its own, with what tests ask of it. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openRedshiftData, type RedshiftData } from '#local/redshift-data/index.ts';

const SECRETS: Readonly<Record<string, string>> = {
  admin: JSON.stringify({ username: 'admin', password: 'whatever Redshift made' }),
  warehouse: JSON.stringify({ username: 'warehouse', password: 'Secret123' }),
  'wrong-password': JSON.stringify({ username: 'warehouse', password: 'Secret124' }),
  'no-json': 'hello',
};
export const CONNECTION = { WorkgroupName: 'sluice', Database: 'dev', SecretArn: 'admin' };

export interface Description {
  readonly Id: string;
  readonly Status: string;
  readonly Error?: string;
  readonly ResultRows: number;
  readonly RedshiftQueryId: number;
  readonly HasResultSet: boolean;
  readonly SubStatements?: readonly Description[];
}

interface Options {
  readonly as?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly mode?: 'AUTO_COMMIT';
}

export class TestWarehouse implements AsyncDisposable {
  readonly directory: string;
  readonly api: RedshiftData['operations'];
  readonly #close: () => Promise<void>;

  private constructor(directory: string, { operations, close }: RedshiftData) {
    this.directory = directory;
    this.api = operations;
    this.#close = close;
  }

  static async open(directory = mkdtempSync(join(tmpdir(), 'warehouse-'))): Promise<TestWarehouse> {
    const file = (key: string) => join(directory, 's3', key);
    const opened = await openRedshiftData({
      file: join(directory, 'warehouse.duckdb'),
      database: 'dev',
      adminUser: 'admin',
      workgroups: ['sluice'],
      secret: (name) => SECRETS[name],
      objectPath: (_, key) => (existsSync(file(key)) ? file(key) : undefined),
      objectKeys: (_, prefix) => readdirSync(file('')).filter((key) => key.startsWith(prefix)),
    });
    return new TestWarehouse(directory, opened);
  }

  /** Runs one statement to its end. */
  async run(sql: string, { as = 'admin', parameters = {} }: Options = {}): Promise<Description> {
    const request = { ...CONNECTION, SecretArn: as, ...parametersOf(parameters), Sql: sql, WaitTimeSeconds: 30 };
    return this.describe((await this.api.ExecuteStatement(request))['Id']);
  }

  /** Runs one statement, and fails with its error. */
  async ok(sql: string, options: Options = {}): Promise<Description> {
    const description = await this.run(sql, options);
    if (description.Status !== 'FINISHED') throw new Error(`${sql}: ${description.Error}`);
    return description;
  }

  async error(sql: string, options: Options = {}): Promise<string> {
    const { Status, Error: error } = await this.run(sql, options);
    if (Status !== 'FAILED') throw new Error(`${sql} is ${Status}`);
    return error ?? '';
  }

  async batch(sqls: readonly string[], { as = 'admin', parameters = {}, mode }: Options = {}): Promise<Description> {
    const execution = { ...parametersOf(parameters), ...(mode && { ExecutionMode: mode }), WaitTimeSeconds: 30 };
    const { Id } = await this.api.BatchExecuteStatement({ ...CONNECTION, SecretArn: as, ...execution, Sqls: sqls });
    return this.describe(Id);
  }

  async describe(id: unknown): Promise<Description> {
    return (await this.api.DescribeStatement({ Id: id, WaitTimeSeconds: 30 })) as unknown as Description;
  }

  /** What a query gives: values, null for null. */
  async rows(sql: string, options: Options = {}): Promise<unknown[][]> {
    return this.rowsOf((await this.ok(sql, options)).Id);
  }

  async rowsOf(id: string): Promise<unknown[][]> {
    const { Records } = await this.api.GetStatementResult({ Id: id });
    return (Records as Record<string, unknown>[][]).map((row) =>
      row.map((field) => ('isNull' in field ? null : exact(Object.values(field)[0]))),
    );
  }

  /** Stores an object in `s3://lake/`. */
  put(key: string, content: string | Uint8Array): string {
    const path = join(this.directory, 's3', key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return `s3://lake/${key}`;
  }

  putRows(key: string, rows: readonly unknown[]): string {
    return this.put(key, gzipSync(rows.map((row) => `${JSON.stringify(row)}\n`).join('')));
  }

  close(): Promise<void> {
    return this.#close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
    rmSync(this.directory, { recursive: true });
  }
}

const exact = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? BigInt(JSON.stringify(value)) : value;

const parametersOf = (parameters: Readonly<Record<string, string>>) => {
  const list = Object.entries(parameters).map(([name, value]) => ({ name, value }));
  return list.length > 0 ? { Parameters: list } : {};
};
