import type { IncomingHttpHeaders } from 'node:http';
import type { StoredObject } from './bucket.ts';
import { checksumHeaders } from './checksum.ts';
import { S3Error } from './errors.ts';
import { header } from './request.ts';

const KEPT = ['cache-control', 'content-disposition', 'content-language', 'expires'];

/** Headers of a write that would change what it means, and that nothing here acts on. */
const NOT_DONE = [
  'x-amz-tagging',
  'x-amz-website-redirect-location',
  'x-amz-write-offset-bytes',
  'x-amz-grant-',
  'x-amz-object-lock-',
  'x-amz-server-side-encryption-',
];

const refuse = (name: string, value: string | undefined) => {
  throw new S3Error('NotImplemented', `This S3 does not do ${name}: ${value}.`, { Header: name });
};

/** The headers of an upload that come back with the object. */
export const keptHeaders = (headers: IncomingHttpHeaders): Record<string, string> => {
  for (const name of Object.keys(headers)) {
    if (NOT_DONE.some((start) => name.startsWith(start))) refuse(name, header(headers, name));
  }
  const encryption = header(headers, 'x-amz-server-side-encryption') ?? 'AES256';
  if (encryption !== 'AES256') refuse('x-amz-server-side-encryption', encryption);
  const kept = Object.keys(headers).filter((name) => KEPT.includes(name) || name.startsWith('x-amz-meta-'));
  const encoding = (header(headers, 'content-encoding') ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== 'aws-chunked')
    .join(',');
  return {
    'content-type': header(headers, 'content-type') || 'binary/octet-stream',
    ...(encoding !== '' && { 'content-encoding': encoding }),
    ...Object.fromEntries(kept.map((name) => [name, header(headers, name) as string])),
  };
};

/** What GetObject and HeadObject say of an object. */
export const describe = (object: StoredObject, withChecksum: boolean): Record<string, string> => ({
  ...object.headers,
  'accept-ranges': 'bytes',
  etag: `"${object.etag}"`,
  'last-modified': new Date(object.modified).toUTCString(),
  'x-amz-server-side-encryption': 'AES256',
  ...checksumHeaders(withChecksum ? object.checksum : undefined),
});
