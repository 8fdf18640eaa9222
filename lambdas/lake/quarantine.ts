import { asBuffer, textOf } from './bytes.ts';
import type { Rejection } from './row-shape.ts';

/**
 * A record in quarantine: `{reason, column?, record, base64?}`. `record` is its text; of one that is no UTF-8 with U+FFFD
 * for what is none, and `base64` has its bytes.
 */
export function quarantineLine(record: Uint8Array, rejection: Rejection): string {
  const text = textOf(record);
  const asCame =
    text === undefined
      ? { record: asBuffer(record).toString(), base64: asBuffer(record).toString('base64') }
      : { record: text };
  return JSON.stringify({ ...rejection, ...asCame });
}
