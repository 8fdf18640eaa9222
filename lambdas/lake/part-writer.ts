import { createGzip, type Gzip } from 'node:zlib';
import type { Part } from './manifest.ts';

/** Stores an object. */
export type Put = (key: string, body: Uint8Array) => Promise<unknown>;

/** Bytes of a part, compressed, from which on the next one begins; also what a writer holds in memory at most. */
export const PART_BYTES = 8 * 1024 * 1024;
/** Of zlib. The default, as gzip has it. */
export const GZIP_LEVEL = 6;
const BATCH_CHARS = 256 * 1024;

/** Writes lines as gzipped objects under a prefix, one after the other: `part-00000.ndjson.gz`, … */
export class PartWriter {
  readonly parts: Part[] = [];
  rows = 0;
  readonly #prefix: string;
  readonly #put: Put;
  #batch = '';
  #current: { gzip: Gzip; chunks: Buffer[]; bytes: number; rawBytes: number; rowsBefore: number } | undefined;

  constructor(prefix: string, put: Put) {
    this.#prefix = prefix;
    this.#put = put;
  }

  /** Adds a line. What it gives must be awaited before the next one, so that memory stays bounded. */
  add(line: string): Promise<void> | undefined {
    this.rows++;
    this.#batch += `${line}\n`;
    return this.#batch.length < BATCH_CHARS ? undefined : this.#flush();
  }

  /** Stores what is left. Without a line there is no part. */
  async close(): Promise<Part[]> {
    if (this.#batch !== '') await this.#flush();
    await this.#finish();
    return this.parts;
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#batch);
    this.#batch = '';
    const current = this.#open();
    current.rawBytes += bytes.length;
    await new Promise<void>((resolve, reject) => {
      current.gzip.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
    if (current.bytes >= PART_BYTES) await this.#finish();
  }

  #open() {
    if (this.#current) return this.#current;
    const rowsBefore = this.parts.reduce((sum, { rows }) => sum + rows, 0);
    const current = {
      gzip: createGzip({ level: GZIP_LEVEL }),
      chunks: [] as Buffer[],
      bytes: 0,
      rawBytes: 0,
      rowsBefore,
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
    const key = `${this.#prefix}part-${String(this.parts.length).padStart(5, '0')}.ndjson.gz`;
    await this.#put(key, Buffer.concat(current.chunks, current.bytes));
    this.parts.push({ key, rows: this.rows - current.rowsBefore, bytes: current.bytes, rawBytes: current.rawBytes });
  }
}
