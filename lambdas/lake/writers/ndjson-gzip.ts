import { createGzip, type Gzip } from 'node:zlib';
import { partKey } from '#lib/runs/keys.ts';
import type { Part } from '#lib/runs/manifest.ts';
import type { Put, RecordWriter } from './writer.ts';

/** Bytes of a part, compressed, from which on the next one begins; also what a writer holds in memory at most. */
export const PART_BYTES = 8 * 1024 * 1024;
/** Of zlib. Takes less than half the time of its default 6 for a tenth more bytes. */
export const GZIP_LEVEL = 4;
const BATCH_BYTES = 256 * 1024;
/** UTF-8 has at most so many bytes for one of JavaScript's characters. */
const BYTES_A_CHARACTER = 3;
const NEW_LINE = 0x0a;
const END_OF_LINE = Buffer.of(NEW_LINE);

/** Writes lines as gzipped objects under a prefix, one after the other: `part-00000.ndjson.gz`, … */
export class NdjsonGzipWriter implements RecordWriter {
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

  add(line: Uint8Array | string): Promise<void> | undefined {
    const most = (typeof line === 'string' ? line.length * BYTES_A_CHARACTER : line.length) + 1;
    if (this.#used + most > BATCH_BYTES) return this.#flushThenAdd(line, most);
    this.#append(line);
    return undefined;
  }

  async close(): Promise<Part[]> {
    await this.#flush();
    await this.#finish();
    return this.parts;
  }

  #append(line: Uint8Array | string): void {
    this.rows++;
    this.#batch ??= Buffer.allocUnsafeSlow(BATCH_BYTES);
    if (typeof line === 'string') {
      this.#used += this.#batch.write(line, this.#used);
    } else {
      this.#batch.set(line, this.#used);
      this.#used += line.length;
    }
    this.#used = this.#batch.writeUInt8(NEW_LINE, this.#used);
  }

  async #flushThenAdd(line: Uint8Array | string, most: number): Promise<void> {
    await this.#flush();
    if (most <= BATCH_BYTES) return this.#append(line);
    this.rows++;
    // In one, so that the line's end does not come into the next part.
    await this.#compress(Buffer.concat([typeof line === 'string' ? Buffer.from(line) : line, END_OF_LINE]));
  }

  async #flush(): Promise<void> {
    if (this.#batch && this.#used > 0) await this.#compress(this.#batch.subarray(0, this.#used));
    this.#used = 0;
  }

  async #compress(bytes: Uint8Array): Promise<void> {
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
