import { createReadStream, openSync, statSync } from 'node:fs';
import type { StoredObject } from '../bucket.ts';
import { type Answer, type Call, foundObject } from '../call.ts';
import { checkRead } from '../conditions.ts';
import { S3Error } from '../errors.ts';
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

/** @throws {S3Error} that names the file where it is gone, or has lost bytes. */
const wholeFileOf = (call: Call, object: StoredObject): string => {
  const path = call.bucket.pathOf(object);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === object.size) return path;
  const found = size === undefined ? 'is gone' : `has ${size} bytes`;
  throw new S3Error('InvalidObjectState', `The file of the object's ${object.size} bytes, ${path}, ${found}.`, {
    Key: call.key,
  });
};

export const getObject = (call: Call): Answer => {
  const object = foundObject(call.bucket, call.key);
  const { status, headers, start, end } = answerTo(call, object);
  if (end < start) return { status, headers };
  // Opened at once: an object that is replaced while it is read stays readable to its end.
  const fd = openSync(wholeFileOf(call, object), 'r');
  return { status, headers, body: createReadStream('', { fd, start, end }) };
};
