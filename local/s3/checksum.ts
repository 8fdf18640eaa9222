import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { S3Error } from './errors.ts';

/** Bytes in, one digest out. */
export interface Digest {
  update(bytes: Buffer): unknown;
  digest(): Buffer;
}

class Crc32 implements Digest {
  #value = 0;
  update(bytes: Buffer) {
    this.#value = crc32(bytes, this.#value);
  }
  digest() {
    const out = Buffer.alloc(4);
    out.writeUInt32BE(this.#value);
    return out;
  }
}

const CASTAGNOLI = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

class Crc32c implements Digest {
  #value = 0xffffffff;
  update(bytes: Buffer) {
    let value = this.#value;
    for (const byte of bytes) value = (CASTAGNOLI[(value ^ byte) & 0xff] as number) ^ (value >>> 8);
    this.#value = value;
  }
  digest() {
    const out = Buffer.alloc(4);
    out.writeUInt32BE((this.#value ^ 0xffffffff) >>> 0);
    return out;
  }
}

/** CRC-64/NVME in two 32-bit halves: BigInt would be thirty times slower. */
const NVME = Array.from({ length: 256 }, (_, byte) => {
  let value = BigInt(byte);
  for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
  return value;
});
const NVME_HIGH = Uint32Array.from(NVME, (value) => Number(value >> 32n));
const NVME_LOW = Uint32Array.from(NVME, (value) => Number(value & 0xffffffffn));

class Crc64Nvme implements Digest {
  #high = 0xffffffff;
  #low = 0xffffffff;
  update(bytes: Buffer) {
    let high = this.#high;
    let low = this.#low;
    for (const byte of bytes) {
      const at = (low ^ byte) & 0xff;
      low = (((low >>> 8) | (high << 24)) ^ (NVME_LOW[at] as number)) >>> 0;
      high = ((high >>> 8) ^ (NVME_HIGH[at] as number)) >>> 0;
    }
    this.#high = high;
    this.#low = low;
  }
  digest() {
    const out = Buffer.alloc(8);
    out.writeUInt32BE((this.#high ^ 0xffffffff) >>> 0, 0);
    out.writeUInt32BE((this.#low ^ 0xffffffff) >>> 0, 4);
    return out;
  }
}

/** The algorithms that are verified, by the end of their header's name: `x-amz-checksum-<algorithm>`. */
const ALGORITHMS = {
  crc32: () => new Crc32(),
  crc32c: () => new Crc32c(),
  crc64nvme: () => new Crc64Nvme(),
  sha1: () => createHash('sha1'),
  sha256: () => createHash('sha256'),
} satisfies Record<string, () => Digest>;
export type Algorithm = keyof typeof ALGORITHMS;

const isAlgorithm = (name: string): name is Algorithm => Object.hasOwn(ALGORITHMS, name);
export const digestOf = (algorithm: Algorithm): Digest => ALGORITHMS[algorithm]();

/** The algorithm that `x-amz-checksum-algorithm` names. */
export const parseAlgorithm = (name: string | undefined): Algorithm | undefined => {
  const algorithm = name?.toLowerCase();
  if (algorithm === undefined || isAlgorithm(algorithm)) return algorithm;
  throw new S3Error('NotImplemented', `This S3 does not do the checksum algorithm ${name}.`);
};

/** An object's checksum as S3 keeps it: base64; of a multipart object either of the whole or of the parts' checksums. */
export interface Checksum {
  readonly algorithm: Algorithm;
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** The checksum of a multipart object made from its parts' checksums, `<base64>-<count>`. */
export const compositeChecksum = (algorithm: Algorithm, parts: readonly string[]): Checksum => {
  const digest = digestOf(algorithm);
  for (const part of parts) digest.update(Buffer.from(part, 'base64'));
  return { algorithm, value: `${digest.digest().toString('base64')}-${parts.length}`, type: 'COMPOSITE' };
};

/** As an element of an answer's XML: `ChecksumCRC32` and its like. */
export const checksumElement = (checksum: Pick<Checksum, 'algorithm' | 'value'> | undefined): Record<string, string> =>
  checksum === undefined ? {} : { [`Checksum${checksum.algorithm.toUpperCase()}`]: checksum.value };

/** As response headers. */
export const checksumHeaders = (checksum: Checksum | undefined): Record<string, string> =>
  checksum === undefined
    ? {}
    : { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value, 'x-amz-checksum-type': checksum.type };
