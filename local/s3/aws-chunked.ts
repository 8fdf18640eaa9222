import { S3Error } from './errors.ts';

const LONGEST_LINE = 16 * 1024;

/** Reads lines and counted bytes from a stream of buffers, holding no more than one buffer and one line. */
class Reader {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async #more(): Promise<Buffer> {
    const { value, done } = await this.#source.next();
    if (done) throw new S3Error('IncompleteBody', 'The aws-chunked body ended before its last chunk.');
    return value;
  }

  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf('\r\n');
      if (end >= 0) {
        const line = this.#rest.toString('latin1', 0, end);
        this.#rest = this.#rest.subarray(end + 2);
        return line;
      }
      if (this.#rest.length > LONGEST_LINE) throw new S3Error('InvalidRequest', 'A chunk of the body has no header.');
      this.#rest = Buffer.concat([this.#rest, await this.#more()]);
    }
  }

  async *bytes(count: number): AsyncGenerator<Buffer> {
    let left = count;
    while (left > 0) {
      if (this.#rest.length === 0) this.#rest = await this.#more();
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
}

/**
 * The payload inside a body sent as `aws-chunked`, signed or not: what SDKs and CLI send for a stream. Trailing
 * headers, the checksum among them, are put into `trailers`. Chunk signatures are not verified.
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const reader = new Reader(source);
  for (;;) {
    const size = chunkSize(await reader.line());
    if (size === 0) break;
    yield* reader.bytes(size);
    if ((await reader.line()) !== '')
      throw new S3Error('InvalidRequest', 'A chunk of the body is longer than it says.');
  }
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const colon = line.indexOf(':');
    trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}

const chunkSize = (line: string): number => {
  const digits = line.split(';')[0] ?? '';
  if (!/^[0-9a-fA-F]{1,12}$/.test(digits)) {
    throw new S3Error('InvalidRequest', `The aws-chunked body has a chunk of size "${digits}".`);
  }
  return Number.parseInt(digits, 16);
};
