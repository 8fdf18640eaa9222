import { Transient } from '#lib/contract/errors.ts';
import { BYTE_ORDER_MARK, type Format, isSpace, RecordPieces } from './format.ts';

/**
 * The bytes of a JSON array's elements, exactly as they stand there, so numbers, escapes and the order of fields stay.
 * Only line ends between tokens go, so that a record is one line; what is inside a string never goes.
 *
 * @throws Transient where the source sends no array or ends before the array does: a body cut off
 */
export const jsonArray: Format = async function* (chunks, source) {
  const splitter = new ArraySplitter(source);
  for await (const chunk of chunks) yield* splitter.split(chunk);
  splitter.end();
};

/** The elements of an array that is there as a whole: all of them, or an error as `jsonArray` has it. */
export function elementsOf(body: Uint8Array, source: string): Uint8Array[] {
  const splitter = new ArraySplitter(source);
  const elements = splitter.split(body);
  splitter.end();
  return elements;
}

const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const END_OF_ARRAY = 0x5d;

/** What a byte means outside of strings; all others mean nothing to a splitter. */
const PLAIN = 0;
const KINDS = new Uint8Array(256);
const [STRING, OPENING, CLOSING, COMMA, LINE_END] = [1, 2, 3, 4, 5];
KINDS[QUOTE] = STRING;
KINDS[0x5b] = KINDS[0x7b] = OPENING;
KINDS[END_OF_ARRAY] = KINDS[0x7d] = CLOSING;
KINDS[0x2c] = COMMA;
KINDS[0x0a] = KINDS[0x0d] = LINE_END;

/** Takes an array chunk by chunk. */
class ArraySplitter {
  readonly #source: string;
  readonly #pieces: RecordPieces;
  #state: 'before' | 'inside' | 'behind' = 'before';
  /** Of the element that is being read: 0 between its tokens at the outermost level. */
  #depth = 0;
  #isInString = false;
  /** The chunk before ended with the backslash of an escape. */
  #isEscaped = false;
  /** Where the element goes on in this chunk. */
  #from = 0;
  #last: Uint8Array = new Uint8Array();

  constructor(source: string) {
    this.#source = source;
    this.#pieces = new RecordPieces(source);
  }

  /** The elements that end in a chunk. */
  split(chunk: Uint8Array): Uint8Array[] {
    const elements: Uint8Array[] = [];
    if (chunk.length > 0) this.#last = chunk;
    let at = this.#state === 'before' ? this.#begin(chunk) : 0;
    this.#from = at;
    while (at < chunk.length && this.#state === 'inside') {
      if (this.#isInString) {
        at = this.#endOfString(chunk, at);
      } else {
        at = nextToken(chunk, at);
        if (at < chunk.length) this.#meet(chunk, at++, elements);
      }
    }
    this.#keepRest(chunk, at);
    return elements;
  }

  /** @throws Transient where the array has not ended */
  end(): void {
    if (this.#state === 'before') this.#failAtStart(this.#last);
    if (this.#state === 'inside') this.#fail('it ends in the middle');
  }

  #keepRest(chunk: Uint8Array, at: number): void {
    if (this.#state === 'inside') this.#pieces.add(chunk.subarray(this.#from));
    const isMore = this.#state === 'behind' && !chunk.subarray(at).every(isSpace);
    if (isMore) this.#fail('it goes on after the array');
  }

  /** Finds the opening bracket; gives the place behind it. */
  #begin(chunk: Uint8Array): number {
    const at = chunk.findIndex((byte) => !isSpace(byte) && !BYTE_ORDER_MARK.includes(byte));
    if (at === -1) return chunk.length;
    if (chunk[at] !== 0x5b) this.#failAtStart(chunk);
    this.#state = 'inside';
    return at + 1;
  }

  #meet(chunk: Uint8Array, at: number, elements: Uint8Array[]): void {
    const kind = KINDS[chunk[at] as number];
    if (kind === STRING) this.#isInString = true;
    else if (kind === OPENING) this.#depth++;
    else if (kind === LINE_END) this.#pieces.add(this.#upTo(chunk, at));
    else if (kind === CLOSING && this.#depth > 0) this.#depth--;
    else if (kind === COMMA && this.#depth === 0) elements.push(this.#element(chunk, at));
    else if (kind === CLOSING) this.#close(chunk, at, elements);
  }

  #close(chunk: Uint8Array, at: number, elements: Uint8Array[]): void {
    if (chunk[at] !== END_OF_ARRAY) this.#fail('it closes an object that it did not open');
    const isFirst = this.#pieces.taken === 0;
    const element = this.#element(chunk, at);
    if (element.length > 0 || !isFirst) elements.push(element);
    this.#state = 'behind';
  }

  #element = (chunk: Uint8Array, end: number): Uint8Array => trimmed(this.#pieces.take(this.#upTo(chunk, end)));

  #upTo(chunk: Uint8Array, end: number): Uint8Array {
    const piece = chunk.subarray(this.#from, end);
    this.#from = end + 1;
    return piece;
  }

  /** The place behind the closing quote, or the end of the chunk. */
  #endOfString(chunk: Uint8Array, from: number): number {
    let at = this.#isEscaped ? from + 1 : from;
    while (at < chunk.length && chunk[at] !== QUOTE) at += chunk[at] === BACKSLASH ? 2 : 1;
    this.#isEscaped = at > chunk.length;
    this.#isInString = at >= chunk.length;
    return at + 1;
  }

  #failAtStart(chunk: Uint8Array): never {
    throw new Transient(
      `Splitting ${this.#source}: it is no JSON array, it begins with ${shown(chunk.subarray(0, 80))}.`,
    );
  }

  #fail(problem: string): never {
    throw new Transient(
      `Splitting ${this.#source}: ${problem}, after ${this.#pieces.taken} whole records, at ${shown(this.#last.subarray(-80))}.`,
    );
  }
}

function nextToken(chunk: Uint8Array, from: number): number {
  let at = from;
  while (at < chunk.length && KINDS[chunk[at] as number] === PLAIN) at++;
  return at;
}

function trimmed(bytes: Uint8Array): Uint8Array {
  let [from, end] = [0, bytes.length];
  while (from < end && isSpace(bytes[from] as number)) from++;
  while (end > from && isSpace(bytes[end - 1] as number)) end--;
  return bytes.subarray(from, end);
}

const shown = (bytes: Uint8Array): string => JSON.stringify(Buffer.from(bytes).toString());
