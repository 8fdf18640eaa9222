/** One execution environment: a child process that has loaded a function, and carries out one invocation at a time. */
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FunctionConfiguration } from './function.ts';

const BOOTSTRAP = fileURLToPath(new URL('./bootstrap.js', import.meta.url));

export interface Invocation {
  /** JSON */
  readonly payload: string;
  readonly requestId: string;
  readonly invokedFunctionArn: string;
  /** Ends the invocation, and with it the environment; the invocation rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What the function gave: JSON, of Lambda's error envelope where it failed. */
export interface Outcome {
  readonly payload: string;
  readonly failed: boolean;
  /** The function's own time had ended. */
  readonly timedOut?: true;
}

interface Message {
  readonly timedOut?: true;
  readonly ready?: true;
  readonly payload?: string;
  readonly failed?: boolean;
  /** The process ends after this message. */
  readonly last?: true;
}

interface Process {
  readonly env: Record<string, string>;
  /** What the function prints is appended to this file. */
  readonly logFile: string;
  /** A directory for what Node.js keeps of compiled code. */
  readonly cache: string;
}

/** For a process that does not come to its end by itself. */
const GRACE_MILLISECONDS = 1000;

export class ExecutionEnvironment {
  readonly #child: ChildProcess;
  readonly #fn: FunctionConfiguration;
  #receive: (message: Message) => void = () => {};
  #exited: string | undefined;
  #killing: NodeJS.Timeout | undefined;
  readonly #gone = Promise.withResolvers<void>();

  constructor(fn: FunctionConfiguration, { env, logFile, cache }: Process) {
    this.#fn = fn;
    const log = openSync(logFile, 'a');
    this.#child = fork(BOOTSTRAP, [cache], {
      cwd: fn.code,
      env,
      execArgv: heapFlags(fn.memoryMegabytes),
      serialization: 'advanced',
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.#child.on('message', (message: Message) => this.#receive(message));
    // Not 'exit': that may come before the last message.
    this.#child.on('close', (code, signal) => this.#ended(signal ? `signal: ${signal}` : `exit status ${code}`));
    // Once this side has disconnected, 'close' does not come.
    this.#child.on('exit', () => {
      clearTimeout(this.#killing);
      if (this.#killing) this.#ended('signal: SIGKILL');
    });
    this.#child.on('error', (error) => this.#ended(error.message));
  }

  get alive(): boolean {
    return this.#exited === undefined;
  }

  /** Loads the function. Resolves to undefined when it is ready, or to what a failed invocation gives. */
  async start(invocation: Invocation): Promise<Outcome | undefined> {
    const message = await this.#exchange(undefined, invocation);
    return message.ready ? undefined : outcomeOf(message);
  }

  async invoke(invocation: Invocation): Promise<Outcome> {
    const { signal: _, ...sent } = invocation;
    const deadline = Date.now() + this.#fn.timeoutSeconds * 1000;
    return outcomeOf(await this.#exchange({ ...sent, deadline }, invocation));
  }

  /**
   * Ends the process; a running invocation ends as one whose process died. What the function does as its process exits
   * ends what it started, such as a script, which would go on alone behind a process that is killed.
   * @returns when the process has ended
   */
  end(): Promise<void> {
    this.#exited ??= 'signal: SIGKILL';
    if (this.#child.connected) this.#child.disconnect();
    this.#killing ??= setTimeout(() => this.#child.kill('SIGKILL'), GRACE_MILLISECONDS).unref();
    return this.#gone.promise;
  }

  /** Sends a message and waits for the answer, the process's end, the function's timeout or the signal. */
  #exchange(message: object | undefined, { requestId, signal }: Invocation): Promise<Message> {
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    const seconds = this.#fn.timeoutSeconds;
    const timer = setTimeout(() => {
      void this.end();
      const why = `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`;
      resolve({ ...died('Sandbox.Timedout', why), timedOut: true });
    }, seconds * 1000);
    const abort = () => {
      void this.end();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#receive = (received) => {
      if (received.last) void this.end();
      resolve(received.payload === undefined && !received.ready ? exited(requestId, this.#exited) : received);
    };
    if (!this.alive) this.#receive({});
    else if (signal?.aborted) abort();
    else if (message) this.#child.send(message);
    return promise.finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    });
  }

  #ended(how: string): void {
    this.#exited ??= how;
    this.#gone.resolve();
    this.#receive({});
  }
}

const outcomeOf = ({ payload = 'null', failed = false, timedOut }: Message): Outcome => ({
  payload,
  failed,
  ...(timedOut && { timedOut }),
});

const died = (errorType: string, errorMessage: string): Message => ({
  payload: JSON.stringify({ errorType, errorMessage }),
  failed: true,
});

const exited = (requestId: string, how = 'unknown'): Message =>
  died('Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited with error: ${how}`);

/** As Lambda starts Node: nine tenths of the memory for the old generation, a twentieth for the young. */
const heapFlags = (megabytes: number): string[] => [
  `--max-old-space-size=${Math.floor(megabytes * 0.9)}`,
  `--max-semi-space-size=${Math.floor(megabytes * 0.05)}`,
];
