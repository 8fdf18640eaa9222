import { createGzip, type Gzip } from 'node:zlib';
import { partKey } from '#lib/runs/keys.ts';
import type { Part } from '#lib/runs/manifest.ts';

/** Stores an object. */
export type Put = (key: string, body: Uint8Array) => Promise<unknown>;

/** Bytes of a part, compressed, from which on the next one begins; also what a writer holds in memory at most. */
export const PART_BYTES = 8 * 1024 * 1024;
/** Of zlib. Takes less than half the time of its default 6 for a tenth more bytes. */
export const GZIP_LEVEL = 4;
const BATCH_BYTES = 256 * 1024;
/** UTF-8 has at most so many bytes for one of JavaScript's characters. */
const BYTES_A_CHARACTER = 3;
const NEW_LINE = 0x0a;

/** Writes lines as gzipped objects under a prefix, one after the other: `part-00000.ndjson.gz`, … */
export class PartWriter {
  readonly parts: Part[];
  rows: number;
  readonly #prefix: string;
  readonly #put: Put;
  /** Lines on their way to gzip: one buffer for good, since strings in waiting are what makes the heap grow. */
  #batch: Buffer | undefined;
  #used = 0;
  #current: { gzip: Gzip; chunks: Buffer[]; bytes: number; rawBytes: number; rowsBefore: number } | undefined;

  /** @param before parts that were stored already, maybe under another prefix: numbers and rows go on after them */
  constructor(prefix: string, put: Put, before: readonly Part[] = []) {
    this.#prefix = prefix;
    this.#put = put;
    this.parts = [...before];
    this.rows = rowsOf(before);
  }

  /** Adds a line. What it gives must be awaited before the next one, so that memory stays bounded. */
  add(line: string): Promise<void> | undefined {
    const most = line.length * BYTES_A_CHARACTER + 1;
    if (this.#used + most > BATCH_BYTES) return this.#flushThenAdd(line, most);
    this.#append(line);
    return undefined;
  }

  /** Stores what is left. Without a line there is no part. */
  async close(): Promise<Part[]> {
    await this.#flush();
    await this.#finish();
    return this.parts;
  }

  #append(line: string): void {
    this.rows++;
    this.#batch ??= Buffer.allocUnsafeSlow(BATCH_BYTES);
    this.#used += this.#batch.write(line, this.#used);
    this.#used = this.#batch.writeUInt8(NEW_LINE, this.#used);
  }

  async #flushThenAdd(line: string, most: number): Promise<void> {
    await this.#flush();
    if (most <= BATCH_BYTES) return this.#append(line);
    this.rows++;
    await this.#compress(Buffer.from(`${line}\n`));
  }

  async #flush(): Promise<void> {
    if (this.#batch && this.#used > 0) await this.#compress(this.#batch.subarray(0, this.#used));
    this.#used = 0;
  }

  async #compress(bytes: Buffer): Promise<void> {
    const current = this.#open();
    current.rawBytes += bytes.length;
    await new Promise<void>((resolve, reject) => {
      current.gzip.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
    if (current.bytes >= PART_BYTES) await this.#finish();
  }

  #open() {
    if (this.#current) return this.#current;
    const current = {
      gzip: createGzip({ level: GZIP_LEVEL, chunkSize: 64 * 1024 }),
      chunks: [] as Buffer[],
      bytes: 0,
      rawBytes: 0,
      rowsBefore: rowsOf(this.parts),
    };
    current.gzip.on('data', (chunk: Buffer) => {
      current.chunks.push(chunk);
      current.bytes += chunk.length;
    });
    this.#current = current;
    return current;
  }

  async #finish(): Promise<void> {
    const current = this.#current;
    if (!current) return;
    this.#current = undefined;
    await new Promise<void>((resolve, reject) => current.gzip.on('end', resolve).on('error', reject).end());
    const key = partKey(this.#prefix, this.parts.length);
    await this.#put(key, Buffer.concat(current.chunks, current.bytes));
    this.parts.push({ key, rows: this.rows - current.rowsBefore, bytes: current.bytes, rawBytes: current.rawBytes });
  }
}

const rowsOf = (parts: readonly Part[]): number => parts.reduce((sum, { rows }) => sum + rows, 0);
