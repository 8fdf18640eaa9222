/** Redshift Serverless: the app's namespace is a warehouse in a file, its workgroup a name for it. */

import { randomUUID } from 'node:crypto';
import { type Handler, jsonHandler, type Operations } from '../endpoint/index.ts';
import { AwsError, EmbeddedAwsError } from '../machine/errors.ts';
import type { RedshiftData, RedshiftDataOptions } from '../redshift-data/index.ts';

interface UsageLimit {
  readonly usageLimitId: string;
  readonly resourceArn: string;
  readonly usageType: string;
  readonly period: string;
  amount: number;
  breachAction: string;
}
type Change = Pick<UsageLimit, 'usageLimitId' | 'amount' | 'breachAction'>;

export class RedshiftServerless {
  readonly #limits: UsageLimit[] = [];

  readonly #options: Pick<RedshiftDataOptions, 'file' | 'objectPath' | 'objectKeys' | 'secret'>;
  readonly #workgroups: string[] = [];
  #opened: RedshiftData | undefined;
  #namespace: string | undefined;
  #handler: Handler = jsonHandler('redshift-data', {});

  constructor(options: Pick<RedshiftDataOptions, 'file' | 'objectPath' | 'objectKeys' | 'secret'>) {
    this.#options = options;
  }

  /** Opens the namespace's warehouse, unless it is open. @throws EmbeddedAwsError for a second one */
  async createNamespace(name: string, options: Pick<RedshiftDataOptions, 'database' | 'adminUser'>): Promise<void> {
    if (this.#namespace === name) return;
    if (this.#opened)
      throw new EmbeddedAwsError('The embedded AWS has one warehouse; the app declares two namespaces.');
    // Here: the database engine is the heaviest thing to load, and not every caller of this module needs it.
    const { openRedshiftData } = await import('../redshift-data/index.ts');
    this.#opened = await openRedshiftData({ ...this.#options, ...options, workgroups: this.#workgroups }).catch(
      (cause: Error) => {
        throw new EmbeddedAwsError(
          `Opening the embedded warehouse: ${cause.message.replace(/\.?$/, '.')} If ${this.#options.file} is damaged, ` +
            'remove it to go on: the tables are made anew, and must be loaded again.',
          { cause },
        );
      },
    );
    this.#namespace = name;
    this.#handler = jsonHandler('redshift-data', this.#opened.operations);
  }

  createWorkgroup(name: string): void {
    if (!this.#workgroups.includes(name)) this.#workgroups.push(name);
  }

  /** The Data API. Without a namespace no operation is there. */
  readonly dataApi: Handler = (asked) => this.#handler(asked);

  /** The Data API's operations, for callers inside the embedded AWS. */
  get dataOperations(): Operations {
    return this.#opened?.operations ?? {};
  }

  /** Usage limits are kept and told, not enforced: this warehouse costs nothing. */
  readonly operations = {
    CreateUsageLimit: (limit: Omit<UsageLimit, 'usageLimitId'>) => {
      const usageLimit = { ...limit, usageLimitId: randomUUID() };
      this.#limits.push(usageLimit);
      return { usageLimit };
    },
    ListUsageLimits: ({ resourceArn, usageType }: Partial<UsageLimit>) => ({
      usageLimits: this.#limits.filter(
        (limit) => limit.resourceArn === resourceArn && (usageType ?? limit.usageType) === limit.usageType,
      ),
    }),
    UpdateUsageLimit: ({ usageLimitId, ...change }: Change) => {
      const usageLimit = this.#limits.find((limit) => limit.usageLimitId === usageLimitId);
      if (!usageLimit) throw new AwsError('ResourceNotFoundException', `There is no usage limit ${usageLimitId}.`);
      return { usageLimit: Object.assign(usageLimit, change) };
    },
  };

  async close(): Promise<void> {
    await this.#opened?.close();
  }
}
