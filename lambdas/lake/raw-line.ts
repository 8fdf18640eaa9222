/**
 * How a record stands in raw: its own bytes on a line. One that holds a line end in its midst, which is no JSON, is there
 * as ESC and the base64 of its bytes, and so is one that begins with ESC itself: so each record is one line, and comes out
 * as it went in.
 */
import { asBuffer } from './bytes.ts';

const LINE_FEED = 0x0a;
const ESCAPE = 0x1b;

export const rawLine = (record: Uint8Array): Uint8Array =>
  record[0] === ESCAPE || record.includes(LINE_FEED)
    ? Buffer.concat([Buffer.of(ESCAPE), Buffer.from(asBuffer(record).toString('base64'))])
    : record;

export const recordOf = (line: Uint8Array): Uint8Array =>
  line[0] === ESCAPE ? Buffer.from(asBuffer(line.subarray(1)).toString(), 'base64') : line;
