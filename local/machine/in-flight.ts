/** Work that nobody waits for at the moment, so that somebody can. */
export class InFlight {
  readonly #work = new Set<Promise<void>>();

  /** @param work must not reject: there is nobody to tell */
  add(work: Promise<void>): void {
    this.#work.add(work);
    void work.finally(() => this.#work.delete(work));
  }

  /** Resolves when nothing is in flight, what was added meanwhile included. */
  async drain(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }
}
