import type { Part } from '#lib/runs/manifest.ts';

/** Stores an object. */
export type Put = (key: string, body: Uint8Array) => Promise<unknown>;

/** Writes records, or rows, as objects of one file format. */
export interface RecordWriter {
  /**
   * Adds a record, or a row as a line of JSON: its bytes, or its text where that is not encoded yet. What this gives must
   * be awaited before the next one is added, so that memory stays bounded.
   */
  add(line: Uint8Array | string): Promise<void> | undefined;
  /** Stores what is left, and gives every part. Without a record there is none. */
  close(): Promise<Part[]>;
}
