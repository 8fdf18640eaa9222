import { UnreadableRecord } from './formats/format.ts';

/** What a record may have at most to be staged: docs/loads.md says the same. */

export const MOST_RECORD_BYTES = 16 * 1024 * 1024;
/** Objects and lists inside each other, as many as a SUPER may have. */
export const MOST_DEPTH = 1000;
/** Values, objects and lists in all. */
export const MOST_VALUES = 100_000;

/** A record that has more. */
export class BeyondBounds extends Error {}

export const TOO_DEEP = `is nested deeper than ${MOST_DEPTH} levels`;

/** Why a record is not staged whose staging threw: whatever it was, it is this record's alone. */
export function reasonOf(error: unknown): string {
  if (error instanceof BeyondBounds || error instanceof UnreadableRecord) return error.message;
  // Of a recursion that is deeper than the stack: JavaScript's own, which asks for no depth.
  if (error instanceof RangeError) return TOO_DEEP;
  return `cannot be staged: ${String(error)}`;
}
