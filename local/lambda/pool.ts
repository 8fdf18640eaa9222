/** A function's execution environments: kept warm between invocations, one more for each that runs beside the others. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ExecutionEnvironment, type Invocation, type Outcome } from './execution-environment.ts';
import { environmentOf, type FunctionConfiguration } from './function.ts';

/** What functions get of the machine that they run on. */
export interface Host {
  /** The URL of the embedded AWS. */
  readonly endpoint: string;
  readonly path: string;
  /** The directory that gets one file a function. */
  readonly logs: string;
  /** A directory for what Node.js keeps of compiled code. */
  readonly cache: string;
}

/** An environment that nobody needed for so long is ended. */
const IDLE_MILLISECONDS = 60_000;

export class Pool {
  readonly #fn: FunctionConfiguration;
  readonly #env: Record<string, string>;
  readonly #logFile: string;
  readonly #cache: string;
  readonly #idle = new Map<ExecutionEnvironment, NodeJS.Timeout>();
  readonly #busy = new Set<ExecutionEnvironment>();

  constructor(fn: FunctionConfiguration, version: string, { logs, cache, ...host }: Host) {
    this.#fn = fn;
    this.#env = environmentOf(fn, { ...host, version });
    this.#logFile = join(logs, `${fn.name}.log`);
    this.#cache = cache;
    mkdirSync(logs, { recursive: true });
  }

  async invoke(invocation: Invocation): Promise<Outcome> {
    const started = performance.now();
    this.#print(`START RequestId: ${invocation.requestId} Version: ${this.#env['AWS_LAMBDA_FUNCTION_VERSION']}`);
    try {
      const outcome = await this.#carryOut(invocation);
      if (outcome.timedOut)
        this.#print(`${invocation.requestId} Task timed out after ${this.#fn.timeoutSeconds.toFixed(2)} seconds`);
      return outcome;
    } finally {
      const duration = (performance.now() - started).toFixed(2);
      this.#print(`REPORT RequestId: ${invocation.requestId} Duration: ${duration} ms`);
    }
  }

  async close(): Promise<void> {
    for (const timer of this.#idle.values()) clearTimeout(timer);
    const all = [...this.#idle.keys(), ...this.#busy];
    this.#idle.clear();
    await Promise.all(all.map((environment) => environment.end()));
  }

  async #carryOut(invocation: Invocation): Promise<Outcome> {
    const warm = this.#takeIdle();
    const environment = warm ?? new ExecutionEnvironment(this.#fn, this.#process());
    this.#busy.add(environment);
    try {
      const failed = warm ? undefined : await environment.start(invocation);
      return failed ?? (await environment.invoke(invocation));
    } finally {
      this.#busy.delete(environment);
      if (environment.alive) this.#keep(environment);
    }
  }

  #process() {
    return { env: this.#env, logFile: this.#logFile, cache: this.#cache };
  }

  #takeIdle(): ExecutionEnvironment | undefined {
    for (const [environment, timer] of this.#idle) {
      clearTimeout(timer);
      this.#idle.delete(environment);
      if (environment.alive) return environment;
    }
    return undefined;
  }

  #keep(environment: ExecutionEnvironment): void {
    const timer = setTimeout(() => {
      this.#idle.delete(environment);
      void environment.end();
    }, IDLE_MILLISECONDS);
    this.#idle.set(environment, timer.unref());
  }

  #print(line: string): void {
    appendFileSync(this.#logFile, `${new Date().toISOString()} ${line}\n`);
  }
}
