import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { DamagedBucketError } from './errors.ts';

/** What one line of the journal says of one key: its new value, or that it is gone. */
type Line<T> = readonly [key: string, value: T | null];

/**
 * A map kept in a file to which every change is appended as one line; that line is the moment a change takes effect.
 * A line cut off by the end of the process never took effect. One process may have it open.
 */
export class Journal<T> {
  readonly #path: string;
  readonly #isValue: (value: unknown) => value is T;
  readonly #values = new Map<string, T>();
  readonly #file: number;

  /** @throws {DamagedBucketError} when a line other than a last one that was cut off is damaged. */
  constructor(path: string, isValue: (value: unknown) => value is T) {
    this.#path = path;
    this.#isValue = isValue;
    if (existsSync(path)) this.#load(readFileSync(path, 'utf8'));
    this.#file = openSync(path, 'a');
  }

  get(key: string): T | undefined {
    return this.#values.get(key);
  }

  keys(): IterableIterator<string> {
    return this.#values.keys();
  }

  /** @throws {Error} that names the file where the disk is full: nothing has changed then. */
  set(key: string, value: T | null): void {
    this.#append(Buffer.from(lineOf([key, value])));
    this.#apply([key, value]);
  }

  close(): void {
    closeSync(this.#file);
  }

  #append(line: Buffer) {
    const { size } = fstatSync(this.#file);
    try {
      for (let written = 0; written < line.length; ) written += writeSync(this.#file, line, written);
    } catch (cause) {
      // Half a line would take the next one with it.
      if (fstatSync(this.#file).size > size) ftruncateSync(this.#file, size);
      throw new Error(`${this.#path} cannot be written: ${(cause as Error).message}`, { cause });
    }
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
    const parsed = jsonOf(line);
    if (Array.isArray(parsed) && parsed.length === 2) {
      const [key, value] = parsed;
      if (typeof key === 'string' && (value === null || this.#isValue(value))) return [key, value];
    }
    throw new DamagedBucketError(
      `Line ${number} of ${this.#path}, which says what one object of the bucket is, is damaged. Remove the line to go ` +
        'on: that object is then what it was before, or gone. Or remove the folder of the bucket, with all its objects.',
    );
  }

  #rewrite() {
    const fresh = `${this.#path}.new`;
    writeFileSync(fresh, [...this.#values].map(lineOf).join(''));
    renameSync(fresh, this.#path);
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const lineOf = (line: Line<unknown>): string => `${JSON.stringify(line)}\n`;
