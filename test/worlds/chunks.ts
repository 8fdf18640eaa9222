/** Streams of bytes for formats to split. */
import fc from 'fast-check';
import type { Chunks, Format } from '#lambdas/lake/formats/format.ts';

/** Cuts bytes anywhere into chunks, some of them empty. */
export const inChunks = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 })
  .map((cuts) => (bytes: Uint8Array): Uint8Array[] => {
    const ends = cuts.map((cut) => Math.floor(cut * bytes.length)).sort((a, b) => a - b);
    return [...ends, bytes.length].map((end, place) => bytes.slice(ends[place - 1] ?? 0, end));
  });

/** The records that a format finds. */
export async function splitBy(format: Format, chunks: Chunks): Promise<Buffer[]> {
  const records: Buffer[] = [];
  for await (const record of format(chunks, 'x')) records.push(Buffer.from(record));
  return records;
}
