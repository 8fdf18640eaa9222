/** Functions and their invocations. */
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { arn } from '../machine/account.ts';
import { AwsError } from '../machine/errors.ts';
import type { Outcome } from './execution-environment.ts';
import type { FunctionConfiguration } from './function.ts';
import { type Host, Pool } from './pool.ts';
import { Slots } from './slots.ts';

/** Of a synchronous invocation, in bytes, for what goes in and what comes out. */
const PAYLOAD_LIMIT = 6 * 1024 * 1024;

export interface Invoked extends Outcome {
  readonly requestId: string;
  readonly executedVersion: string;
}

interface Target {
  readonly fn: FunctionConfiguration;
  readonly version: string;
}

export class Lambda {
  readonly #functions = new Map<string, FunctionConfiguration>();
  readonly #pools = new Map<string, Pool>();
  /** Of functions that were changed since: what runs in them goes on. */
  readonly #former: Pool[] = [];
  readonly #host: Host;
  #closed = false;
  // AWS runs a thousand at a time. Here each is a process of its own, whose start takes more than most invocations do: as
  // many as there are cores, and one for those that wait.
  readonly #slots = new Slots(availableParallelism() + 1);

  constructor(host: Host) {
    this.#host = host;
  }

  /** Creates a function, or changes the one of its name: later invocations get it as it is now. */
  put(fn: FunctionConfiguration): void {
    const existing = this.#functions.get(fn.name);
    this.#functions.set(fn.name, fn);
    if (isDeepStrictEqual(existing, fn)) return;
    for (const [key, pool] of this.#pools) {
      if (!key.startsWith(`${fn.name}:`)) continue;
      this.#pools.delete(key);
      this.#former.push(pool);
    }
  }

  /** @throws AwsError ResourceNotFoundException */
  find(nameOrArn: string): Target {
    const [, name = '', version = '$LATEST'] = /^(?:.*:function:)?([^:]+)(?::([^:]+))?$/.exec(nameOrArn) ?? [];
    const fn = this.#functions.get(name);
    if (fn) return { fn, version };
    throw new AwsError(
      'ResourceNotFoundException',
      `Function not found: ${arn('lambda', `function:${name}`)}:${version}`,
      404,
    );
  }

  /**
   * Invokes a function and waits for what it gives. An error of the function is an outcome, not an exception.
   *
   * @param payload JSON
   * @throws AwsError RequestTooLargeException, ResourceNotFoundException; the reason of the signal
   */
  async invoke(nameOrArn: string, payload: string, signal?: AbortSignal): Promise<Invoked> {
    const { fn, version } = this.find(nameOrArn);
    const size = Buffer.byteLength(payload);
    if (size > PAYLOAD_LIMIT) {
      const message = `${size} byte payload is too large for the RequestResponse invocation type (limit ${PAYLOAD_LIMIT} bytes)`;
      throw new AwsError('RequestTooLargeException', message, 413);
    }
    const requestId = randomUUID();
    const invokedFunctionArn = version === '$LATEST' ? fn.arn : `${fn.arn}:${version}`;
    const invocation = { payload, requestId, invokedFunctionArn, signal };
    const outcome = await this.#slots.hold(() => this.#pool(fn, version).invoke(invocation), signal);
    return { ...withinLimit(outcome), requestId, executedVersion: version };
  }

  /** Ends every process, and starts no other. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#pools.values(), ...this.#former].map((pool) => pool.close()));
  }

  #pool(fn: FunctionConfiguration, version: string): Pool {
    if (this.#closed) throw new AwsError('ServiceException', 'The embedded AWS is ending.', 500);
    const key = `${fn.name}:${version}`;
    const existing = this.#pools.get(key);
    if (existing) return existing;
    const pool = new Pool(fn, version, this.#host);
    this.#pools.set(key, pool);
    return pool;
  }
}

function withinLimit(outcome: Outcome): Outcome {
  if (Buffer.byteLength(outcome.payload) <= PAYLOAD_LIMIT) return outcome;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${PAYLOAD_LIMIT} bytes).`;
  return { payload: JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage }), failed: true };
}
