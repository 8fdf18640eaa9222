/** The text of a file as UTF-8, whatever lies around it, and what shows that it is none that was meant. */
import { BYTE_ORDER_MARK, isSpace } from '#lambdas/lake/formats/format.ts';
import { gunzip } from '#lambdas/lake/formats/gunzip.ts';
import { SluiceError, Terminal, Transient } from '#lib/contract/errors.ts';

const GZIP = Buffer.from([0x1f, 0x8b]);
const LINE_FEED = 0x0a;
/** How what is no file of records begins. */
const OTHERS = [
  [Buffer.from('<'), "it begins with '<', so it is a page of HTML or XML in place of the file"],
  [Buffer.from('PK\u0003\u0004'), 'it is a zip archive; have its source send the file itself, or gzip'],
  [Buffer.of(0xff, 0xfe), "it is UTF-16; correct the task's encoding to utf-16le"],
  [Buffer.of(0xfe, 0xff), "it is UTF-16; correct the task's encoding to utf-16be"],
] as const;

/** What was seen of a file's text when it was read to its end. */
export interface Seen {
  endsInLine: boolean;
}

/**
 * @param encoding as the WHATWG names it, of what is read
 * @throws Terminal where the file is empty, a page of HTML or another thing, or not in its encoding
 */
export async function* textOfFile(
  chunks: AsyncIterable<Uint8Array>,
  { source, encoding, seen }: { source: string; encoding: string; seen: Seen },
): AsyncGenerator<Uint8Array> {
  let isBlank = true;
  for await (const chunk of decoded(await unpacked(chunks, source), { source, encoding })) {
    if (chunk.length === 0) continue;
    if (isBlank) isBlank = !beginsIn(chunk, source);
    seen.endsInLine = chunk.at(-1) === LINE_FEED;
    yield chunk;
  }
  if (isBlank)
    throw new Terminal(`Reading ${source}: it is empty. Nothing was loaded. Have its source write it again.`);
}

/** Whether the first text of the file is here. */
function beginsIn(chunk: Uint8Array, source: string): boolean {
  const begin = chunk.findIndex((byte) => !isSpace(byte) && !BYTE_ORDER_MARK.includes(byte));
  if (begin === -1) return false;
  const other = OTHERS.find(([head]) => head.every((byte, place) => chunk[begin + place] === byte));
  if (!other) return true;
  throw new Terminal(`Reading ${source}: ${other[1]}. Nothing was loaded.`);
}

/** Gzip is told by its first bytes. */
async function unpacked(chunks: AsyncIterable<Uint8Array>, source: string): Promise<AsyncIterable<Uint8Array>> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < GZIP.length) {
    const { done, value } = await iterator.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  const whole = (async function* () {
    yield head;
    yield* { [Symbol.asyncIterator]: () => iterator };
  })();
  return head.subarray(0, GZIP.length).equals(GZIP) ? gunzipped(whole, source) : whole;
}

async function* gunzipped(chunks: AsyncIterable<Uint8Array>, source: string): AsyncGenerator<Uint8Array> {
  try {
    yield* gunzip(chunks);
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause;
    throw new Transient(
      `Reading ${source}: its gzip ends too early or is broken, so it was cut off. Nothing was loaded.`,
      {
        cause,
      },
    );
  }
}

async function* decoded(
  chunks: AsyncIterable<Uint8Array>,
  { source, encoding }: { source: string; encoding: string },
): AsyncIterable<Uint8Array> {
  if (encoding === 'utf-8') return yield* chunks;
  try {
    const decoder = new TextDecoder(encoding, { fatal: true });
    for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
    yield Buffer.from(decoder.decode());
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause;
    throw new Terminal(`Reading ${source}: its bytes are no ${encoding}. Correct the task's encoding.`, { cause });
  }
}
