import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Chunks } from './format.ts';

/** What was compressed by gzip, for a format to split. What fails on the way fails the reading. */
export function gunzip(chunks: Chunks): AsyncIterable<Uint8Array> {
  return pipeline(Readable.from(chunks), createGunzip(), () => {});
}
