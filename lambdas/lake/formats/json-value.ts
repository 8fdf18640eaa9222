/** One value inside a JSON document, as the bytes that stand there. */
import { BYTE_ORDER_MARK, isSpace } from './format.ts';

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);
const OBJECT = 0x7b;

const decoder = new TextDecoder();

/**
 * The value at a path of names of fields: nothing is parsed and written anew.
 * @param path from the outermost object on; empty for the whole document
 * @returns undefined where an object on the way has no such field, or there is no object
 */
export function valueAt(document: Uint8Array, path: readonly string[]): Uint8Array | undefined {
  let [from, end] = [startOf(document), document.length];
  for (const name of path) {
    const found = fieldOf(document, skipSpace(document, from), name);
    if (!found) return undefined;
    [from, end] = found;
  }
  return document.subarray(from, end);
}

/** Whether a document is one object from its first byte to its last: none that was cut off. */
export function isWholeObject(document: Uint8Array): boolean {
  const from = skipSpace(document, startOf(document));
  return document[from] === OBJECT && skipSpace(document, endOfContainer(document, from)) === document.length;
}

const startOf = (document: Uint8Array): number =>
  BYTE_ORDER_MARK.every((byte, at) => document[at] === byte) ? BYTE_ORDER_MARK.length : 0;

/** Where the value of a field begins and ends; of several with one name the last counts, as JSON.parse has it. */
function fieldOf(bytes: Uint8Array, start: number, name: string): [number, number] | undefined {
  if (bytes[start] !== OBJECT) return undefined;
  let found: [number, number] | undefined;
  let at = skipSpace(bytes, start + 1);
  while (bytes[at] === QUOTE) {
    const nameEnd = endOfString(bytes, at);
    const isWanted = JSON.parse(decoder.decode(bytes.subarray(at, nameEnd))) === name;
    at = skipSpace(bytes, nameEnd);
    if (bytes[at] !== COLON) return undefined;
    const from = skipSpace(bytes, at + 1);
    at = endOfValue(bytes, from);
    if (isWanted) found = [from, at];
    at = skipSpace(bytes, at);
    if (bytes[at] !== COMMA) break;
    at = skipSpace(bytes, at + 1);
  }
  return found;
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isSpace(bytes[at] as number)) at++;
  return at;
}

/** The place behind the closing quote. */
function endOfString(bytes: Uint8Array, opening: number): number {
  let at = opening + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return Math.min(at + 1, bytes.length);
}

/** The place behind a value of any kind. */
function endOfValue(bytes: Uint8Array, from: number): number {
  const first = bytes[from] as number;
  if (first === QUOTE) return endOfString(bytes, from);
  if (OPENING.has(first)) return endOfContainer(bytes, from);
  let at = from;
  while (at < bytes.length && !isDelimiter(bytes[at] as number)) at++;
  return at;
}

const isDelimiter = (byte: number): boolean => byte === COMMA || CLOSING.has(byte) || isSpace(byte);

/** Further than the end where it is not closed. */
function endOfContainer(bytes: Uint8Array, opening: number): number {
  let depth = 0;
  let at = opening;
  while (at < bytes.length) {
    const byte = bytes[at] as number;
    if (OPENING.has(byte)) depth++;
    if (CLOSING.has(byte) && --depth === 0) return at + 1;
    at = byte === QUOTE ? endOfString(bytes, at) : at + 1;
  }
  return bytes.length + 1;
}
