/** Invocations of type Event: queued, retried, and sent to the function's failure destination in the end. */
import { setTimeout as wait } from 'node:timers/promises';
import { AwsError } from '../machine/errors.ts';
import { InFlight } from '../machine/in-flight.ts';
import type { Invoked, Lambda } from './lambda.ts';

/** On AWS one and two minutes. */
const RETRY_DELAYS_MILLISECONDS = [1_000, 2_000];
const PAYLOAD_LIMIT = 1024 * 1024;

export interface AsyncConfiguration {
  readonly maximumRetryAttempts?: number | undefined;
  /** The ARN of a queue, topic or function that gets a record of what failed. */
  readonly onFailure?: string | undefined;
  /** The ARN of a queue or topic that gets the payload. */
  readonly deadLetter?: string | undefined;
}

/** Sends a record to the resource of that ARN. */
export type Deliver = (arn: string, payload: string) => Promise<void>;

export class AsyncInvocations {
  readonly #lambda: Lambda;
  readonly #deliver: Deliver;
  readonly #configurations = new Map<string, AsyncConfiguration>();
  readonly #inFlight = new InFlight();
  readonly #stop = new AbortController();

  constructor(lambda: Lambda, deliver: Deliver) {
    this.#lambda = lambda;
    this.#deliver = deliver;
  }

  /** Adds to what was configured before. */
  configure(functionName: string, configuration: AsyncConfiguration): void {
    this.#configurations.set(functionName, { ...this.#configurations.get(functionName), ...configuration });
  }

  /** @throws AwsError ResourceNotFoundException, RequestTooLargeException: before anything is queued */
  invoke(nameOrArn: string, payload: string): void {
    const { fn } = this.#lambda.find(nameOrArn);
    if (Buffer.byteLength(payload) > PAYLOAD_LIMIT) {
      const message = `${Buffer.byteLength(payload)} byte payload is too large for the Event invocation type (limit ${PAYLOAD_LIMIT} bytes)`;
      throw new AwsError('RequestTooLargeException', message, 413);
    }
    const work = this.#carryOut(nameOrArn, payload, this.#configurations.get(fn.name) ?? {});
    this.#inFlight.add(work.catch((error) => this.#report(fn.name, error)));
  }

  async drain(): Promise<void> {
    await this.#inFlight.drain();
  }

  /** Gives up what is still to be retried. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#inFlight.drain();
  }

  async #carryOut(nameOrArn: string, payload: string, configuration: AsyncConfiguration): Promise<void> {
    const delays = RETRY_DELAYS_MILLISECONDS.slice(0, configuration.maximumRetryAttempts);
    let invoked = await this.#lambda.invoke(nameOrArn, payload, this.#stop.signal);
    for (const delay of delays) {
      if (!invoked.failed) return;
      await wait(delay, undefined, { signal: this.#stop.signal });
      invoked = await this.#lambda.invoke(nameOrArn, payload, this.#stop.signal);
    }
    if (!invoked.failed) return;
    const { onFailure, deadLetter } = configuration;
    if (onFailure !== undefined) await this.#deliver(onFailure, failureRecord(invoked, payload, delays.length + 1));
    if (deadLetter !== undefined) await this.#deliver(deadLetter, payload);
  }

  #report(functionName: string, error: unknown): void {
    if (!this.#stop.signal.aborted) console.error(`Invoking ${functionName} asynchronously failed:`, error);
  }
}

/** What AWS sends to a destination. */
const failureRecord = (invoked: Invoked, requestPayload: string, attempts: number): string =>
  JSON.stringify({
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId: invoked.requestId,
      condition: 'RetriesExhausted',
      approximateInvokeCount: attempts,
    },
    requestPayload: JSON.parse(requestPayload) as unknown,
    responseContext: { statusCode: 200, executedVersion: invoked.executedVersion, functionError: 'Unhandled' },
    responsePayload: JSON.parse(invoked.payload) as unknown,
  });
