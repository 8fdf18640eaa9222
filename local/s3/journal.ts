import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';

/** What one line of the journal says of one key: its new value, or that it is gone. */
type Line<T> = readonly [key: string, value: T | null];

/**
 * A map kept in a file to which every change is appended as one line; that line is the moment a change takes effect.
 * A line cut off by the end of the process never took effect. One process may have it open.
 */
export class Journal<T> {
  readonly #path: string;
  readonly #values = new Map<string, T>();
  readonly #file: number;

  /** @throws {Error} when a line other than the last is damaged. */
  constructor(path: string) {
    this.#path = path;
    if (existsSync(path)) this.#load(readFileSync(path, 'utf8'));
    this.#file = openSync(path, 'a');
  }

  get(key: string): T | undefined {
    return this.#values.get(key);
  }

  keys(): IterableIterator<string> {
    return this.#values.keys();
  }

  set(key: string, value: T | null): void {
    writeSync(this.#file, lineOf([key, value]));
    this.#apply([key, value]);
  }

  close(): void {
    closeSync(this.#file);
  }

  #apply([key, value]: Line<T>) {
    if (value === null) this.#values.delete(key);
    else this.#values.set(key, value);
  }

  #load(text: string) {
    const lines = text.split('\n');
    const torn = lines.pop() !== '';
    for (const [index, line] of lines.entries()) this.#apply(this.#parsed(line, index + 1));
    if (torn || lines.length > 100 + 2 * this.#values.size) this.#rewrite();
  }

  #parsed(line: string, number: number): Line<T> {
    try {
      return JSON.parse(line);
    } catch (cause) {
      throw new Error(
        `Opening the embedded S3: line ${number} of ${this.#path} is not JSON. Delete the folder that holds it.`,
        { cause },
      );
    }
  }

  #rewrite() {
    const fresh = `${this.#path}.new`;
    writeFileSync(fresh, [...this.#values].map(lineOf).join(''));
    renameSync(fresh, this.#path);
  }
}

const lineOf = (line: Line<unknown>): string => `${JSON.stringify(line)}\n`;
