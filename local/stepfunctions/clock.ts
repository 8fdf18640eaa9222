import { setTimeout } from 'node:timers/promises';

/** Where the interpreter gets the time and how it waits. */
export interface Clock {
  now(): Date;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason once it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const LONGEST_TIMER = 2 ** 31 - 1;

/** The machine's own time. */
export const realClock: Clock = {
  now: () => new Date(),
  async sleep(ms, signal) {
    try {
      for (let left = ms; left > 0; left -= LONGEST_TIMER) {
        await setTimeout(Math.min(left, LONGEST_TIMER), undefined, { signal });
      }
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  },
};

interface Timer {
  at: number;
  ring: () => void;
}

/**
 * Time that moves only when nothing else is left to do, and then straight to the next timer:
 * waits, retries and timeouts pass at once, in the same order every time.
 * A Task takes no virtual time unless its integration sleeps on this clock; real I/O belongs in `during`.
 */
export class VirtualClock implements Clock {
  #now: number;
  readonly #timers = new Set<Timer>();
  #realWork = 0;
  #turn: NodeJS.Immediate | undefined;

  constructor(start: Date = new Date()) {
    this.#now = start.getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const cancel = () => {
        this.#timers.delete(timer);
        reject(signal.reason);
      };
      const timer: Timer = {
        at: this.#now + ms,
        ring: () => {
          signal.removeEventListener('abort', cancel);
          resolve();
        },
      };
      signal.addEventListener('abort', cancel, { once: true });
      this.#timers.add(timer);
      this.#schedule();
    });
  }

  /** Holds virtual time still while `work` is under way. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#realWork++;
    try {
      return await work;
    } finally {
      this.#realWork--;
      this.#schedule();
    }
  }

  // An immediate runs only once every promise that could still move has moved.
  #schedule(): void {
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      if (this.#realWork === 0) this.#ringNext();
    });
  }

  #ringNext(): void {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (!next || timer.at < next.at) next = timer;
    if (!next) return;
    this.#timers.delete(next);
    this.#now = Math.max(this.#now, next.at);
    next.ring();
    this.#schedule();
  }
}
