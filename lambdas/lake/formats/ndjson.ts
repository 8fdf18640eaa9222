import { BYTE_ORDER_MARK, type Chunks, type Format, isSpace, RecordPieces } from './format.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** One record a line. Lines may end as Windows has it, the last one need not end, and blank ones are no records. */
export const ndjson: Format = async function* (chunks, source) {
  let isFirst = true;
  for await (const line of lines(chunks, source)) {
    const marked = isFirst && BYTE_ORDER_MARK.equals(line.subarray(0, BYTE_ORDER_MARK.length));
    const end = line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length;
    const record = line.subarray(marked ? BYTE_ORDER_MARK.length : 0, end);
    isFirst = false;
    if (!record.every(isSpace)) yield record;
  }
};

/** The bytes of each line, without the \n that ends it; those behind the last \n too, if there are any. */
export async function* lines(chunks: Chunks, source: string): AsyncGenerator<Uint8Array> {
  const pieces = new RecordPieces(source);
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
      yield pieces.take(chunk.subarray(from, end));
      from = end + 1;
    }
    pieces.add(chunk.subarray(from));
  }
  if (!pieces.isEmpty) yield pieces.take(new Uint8Array());
}
