import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { decodeAwsChunked } from './aws-chunked.ts';
import { type Algorithm, type Checksum, type Digest, digestOf, parseAlgorithm } from './checksum.ts';
import { S3Error } from './errors.ts';
import { header, type S3Request } from './request.ts';

const PREFIX = 'x-amz-checksum-';
const NOT_VALUES = new Set(['algorithm', 'type', 'mode']);

/** What a body proved to be once it was read to its end. */
export interface Received {
  readonly size: number;
  /** MD5 as hexadecimal digits: the ETag of a simple object. */
  readonly md5: string;
  readonly checksum: Checksum | undefined;
}

/** The checksum algorithm that a request announces, in a header or for the trailer. */
const announced = (headers: IncomingHttpHeaders): Algorithm | undefined => {
  const names = [...Object.keys(headers), ...(header(headers, 'x-amz-trailer') ?? '').toLowerCase().split(/\s*,\s*/)];
  const name = names
    .filter((candidate) => candidate.startsWith(PREFIX))
    .map((candidate) => candidate.slice(PREFIX.length))
    .find((candidate) => !NOT_VALUES.has(candidate));
  return parseAlgorithm(name);
};

const compare = (found: string, wanted: string | undefined, error: () => S3Error) => {
  if (wanted !== undefined && wanted !== found) throw error();
};

/**
 * The payload of a request, unwrapped from `aws-chunked`, held against everything that the request says of it: length,
 * Content-MD5, SHA-256 and checksum. `received` is known after the last chunk; a payload that differs throws there.
 */
export class Body {
  readonly #request: Pick<S3Request, 'headers' | 'body'>;
  readonly #md5: Digest = createHash('md5');
  readonly #sha256: Digest | undefined;
  readonly #sum: { algorithm: Algorithm; digest: Digest } | undefined;
  readonly #isCalculated: boolean;
  readonly #trailers = new Map<string, string>();
  #received: Received | undefined;

  /** `calculate` is a checksum to have without being told its value, of bytes that do not come from a client. */
  constructor(request: Pick<S3Request, 'headers' | 'body'>, calculate?: Algorithm) {
    this.#request = request;
    const algorithm = calculate ?? announced(request.headers);
    this.#isCalculated = calculate !== undefined;
    this.#sum = algorithm === undefined ? undefined : { algorithm, digest: digestOf(algorithm) };
    this.#sha256 = /^[0-9a-f]{64}$/.test(this.#header('x-amz-content-sha256') ?? '') ? createHash('sha256') : undefined;
  }

  /** @throws {Error} before the payload was read to its end. */
  get received(): Received {
    if (!this.#received) throw new Error('The payload of a request was asked about before it was read to its end.');
    return this.#received;
  }

  async *chunks(): AsyncGenerator<Buffer> {
    const { body } = this.#request;
    let size = 0;
    for await (const chunk of this.#isChunked() ? decodeAwsChunked(body, this.#trailers) : body) {
      size += chunk.length;
      this.#md5.update(chunk);
      this.#sha256?.update(chunk);
      this.#sum?.digest.update(chunk);
      yield chunk;
    }
    this.#received = this.#verified(size);
  }

  /** The whole payload as text, for the documents that some operations take. */
  async text(): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.chunks()) {
      size += chunk.length;
      if (size > 4 * 1024 * 1024) throw new S3Error('InvalidRequest', 'The document in the body is longer than 4 MiB.');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  #header(name: string): string | undefined {
    return header(this.#request.headers, name);
  }

  #isChunked(): boolean {
    return (
      (this.#header('x-amz-content-sha256') ?? '').startsWith('STREAMING-') ||
      /\baws-chunked\b/.test(this.#header('content-encoding') ?? '')
    );
  }

  #verified(size: number): Received {
    const length = this.#header('x-amz-decoded-content-length');
    compare(String(size), length, () => incomplete(size, length));
    compare(this.#sha256?.digest().toString('hex') ?? '', this.#sha256 && this.#header('x-amz-content-sha256'), () => {
      return new S3Error('XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' does not match the body.");
    });
    const md5 = this.#md5.digest();
    compare(md5.toString('base64'), this.#header('content-md5'), () => badDigest('Content-MD5'));
    return { size, md5: md5.toString('hex'), checksum: this.#checksum() };
  }

  #checksum(): Checksum | undefined {
    if (!this.#sum) return undefined;
    const { algorithm, digest } = this.#sum;
    const name = PREFIX + algorithm;
    const value = digest.digest().toString('base64');
    const wanted = this.#header(name) ?? this.#trailers.get(name);
    if (wanted === undefined && !this.#isCalculated) {
      throw new S3Error('InvalidRequest', `The body was to end with ${name}, but did not.`);
    }
    compare(value, wanted, () => badDigest(algorithm.toUpperCase()));
    return { algorithm, value, type: 'FULL_OBJECT' };
  }
}

const badDigest = (what: string) =>
  new S3Error('BadDigest', `The ${what} you specified did not match the calculated checksum.`);

const incomplete = (size: number, length: string | undefined) =>
  new S3Error('IncompleteBody', `The body holds ${size} bytes, but x-amz-decoded-content-length says ${length}.`);
