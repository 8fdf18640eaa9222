import { closeSync, createReadStream, fstatSync, openSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { StoredObject } from '../bucket.ts';
import { type Answer, type Call, foundObject, noSuchKey } from '../call.ts';
import { checkRead } from '../conditions.ts';
import { describe } from '../object-headers.ts';
import { parseRange } from '../range.ts';

/** Headers that a request may put in place of the object's own. */
const OVERRIDES =
  /^response-(content-type|content-language|expires|cache-control|content-disposition|content-encoding)$/;

const overrides = (call: Call): Record<string, string> =>
  Object.fromEntries(
    [...call.request.query].flatMap(([name, value]) => {
      const own = OVERRIDES.exec(name)?.[1];
      return own === undefined ? [] : [[own, value]];
    }),
  );

/** Everything of the answer but its body, and which bytes the body would hold. */
const answerTo = (call: Call, object: StoredObject) => {
  checkRead(call.headers, object);
  const range = parseRange(call.header('range'), object.size);
  const { start, end } = range ?? { start: 0, end: object.size - 1 };
  const withChecksum = range === undefined && call.header('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  const headers = {
    ...describe(object, withChecksum),
    ...overrides(call),
    'content-length': String(end - start + 1),
    ...(range && { 'content-range': `bytes ${start}-${end}/${object.size}` }),
  };
  return { status: range ? 206 : 200, headers, start, end };
};

export const headObject = (call: Call): Answer => {
  const { status, headers } = answerTo(call, foundObject(call.bucket, call.key));
  return { status, headers };
};

const openOf = (call: Call, object: StoredObject): number => {
  try {
    const fd = openSync(call.bucket.pathOf(object), 'r');
    if (fstatSync(fd).size > 0) return fd;
    closeSync(fd);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  // Somebody removed or emptied the file: that is how an object goes without being deleted.
  throw noSuchKey(call.key);
};

/** Of a file that somebody cut: an answer that merely ended would leave the client waiting for the rest. */
async function* brokenOff(body: Readable): AsyncGenerator<unknown> {
  yield* body;
  throw new Error('The file of an object is shorter than what was stored.');
}

export const getObject = (call: Call): Answer => {
  const object = foundObject(call.bucket, call.key);
  const { status, headers, start, end } = answerTo(call, object);
  if (end < start) return { status, headers };
  // Opened at once: an object that is replaced while it is read stays readable to its end.
  const fd = openOf(call, object);
  const body = createReadStream('', { fd, start, end });
  return { status, headers, body: fstatSync(fd).size > end ? body : Readable.from(brokenOff(body)) };
};
