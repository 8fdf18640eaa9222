import { quarantineLine } from '#lib/runs/quarantine.ts';
import { asBuffer, textOf } from './bytes.ts';
import type { Rejection } from './row-shape.ts';

/** The line of a record in quarantine. */
export function rejectedLine(record: Uint8Array, rejection: Rejection): string {
  const text = textOf(record);
  if (text !== undefined) return quarantineLine({ ...rejection, record: text });
  const bytes = asBuffer(record);
  return quarantineLine({ ...rejection, record: bytes.toString(), base64: bytes.toString('base64') });
}
