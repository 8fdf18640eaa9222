/** From the bytes of a source to its records. */
import { Terminal } from '#lib/contract/errors.ts';

/** Bytes as they come: a stream, or a body that is there already. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Records, each with its own bytes. */
export type Records = Chunks;

/**
 * Splits what a source sends into its records, each with its own bytes: nothing is parsed and written anew. Memory stays
 * bounded by the longest record.
 *
 * @param source what the bytes are, for messages: `the answer of https://…`
 */
export type Format = (chunks: Chunks, source: string) => AsyncIterable<Uint8Array>;

/** A record that is none of its format; the message says why. */
export class UnreadableRecord extends Error {}

/** What some put before their text. */
export const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/** What JSON allows between tokens. */
export const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Of one record. What is longer would not fit the memory of a function. */
const MOST_BYTES = 64 * 1024 * 1024;

/** A record that comes in pieces: over several chunks, or with bytes between them that are not its own. */
export class RecordPieces {
  readonly #source: string;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #taken = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** The records that were taken. */
  get taken(): number {
    return this.#taken;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /** @throws Terminal where the record becomes too long */
  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#bytes += piece.length;
    if (this.#bytes > MOST_BYTES) {
      throw new Terminal(
        `Splitting ${this.#source}: its record ${this.#taken + 1} is longer than ${MOST_BYTES} bytes, and is not read ` +
          'any further. Have the source give shorter records, or check that it is in the format that the task expects.',
      );
    }
    this.#pieces.push(piece);
  }

  /** The whole record, without a copy where it is of one piece. */
  take(last: Uint8Array): Uint8Array {
    this.add(last);
    const [first = last, ...more] = this.#pieces;
    const record = more.length === 0 ? first : Buffer.concat(this.#pieces, this.#bytes);
    this.#pieces = [];
    this.#bytes = 0;
    this.#taken++;
    return record;
  }
}
