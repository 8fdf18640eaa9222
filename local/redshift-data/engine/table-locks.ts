/** What LOCK takes: one session after the other has a table, in the order in which they ask. */
export class TableLocks {
  readonly #last = new Map<string, Promise<void>>();

  /** Resolves, when the table is free, to what frees it again. */
  async take(table: string): Promise<() => void> {
    const before = this.#last.get(table);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last.set(table, promise);
    await before;
    return () => {
      if (this.#last.get(table) === promise) this.#last.delete(table);
      resolve();
    };
  }
}
