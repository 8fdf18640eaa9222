import type { Clock } from '../clock.ts';
import { StateFailure } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { EventContent, HistoryEvent } from './events.ts';

/** The events of one execution. Its last place is kept for the event that ends the execution. */
export class History {
  readonly events: HistoryEvent[] = [];
  readonly #clock: Clock;
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Adds an event and returns its id; once closed nothing is added.
   * @throws {StateFailure} States.Runtime when only the last place is left.
   */
  add(type: string, previousEventId: number, content: EventContent = {}): number {
    if (this.#closed) return previousEventId;
    if (this.full) {
      const cause = `The execution reached the maximum number of history events (${LIMITS.historyEvents}).`;
      throw new StateFailure('States.Runtime', cause);
    }
    return this.#push(type, previousEventId, content);
  }

  /** Adds the event that ends the execution. */
  close(type: string, previousEventId: number, content: EventContent): void {
    this.#push(type, previousEventId, content);
    this.#closed = true;
  }

  get full(): boolean {
    return this.events.length >= LIMITS.historyEvents - 1;
  }

  #push(type: string, previousEventId: number, content: EventContent): number {
    const id = this.events.length + 1;
    this.events.push({ id, previousEventId, timestamp: this.#clock.now(), type, ...content });
    return id;
  }
}
