import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** One HTTP request as S3 reads it. */
export interface S3Request {
  readonly method: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: AsyncIterable<Buffer>;
}

const HOST =
  /^(?:(?<bucket>.+?)\.)??(?:s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com|(?:s3\.)?localhost(?:\.localstack\.cloud)?|127\.0\.0\.1)(?::\d+)?$/;

/** The bucket in a virtual-hosted address (`<bucket>.localhost:4566`), or undefined when the path names it. */
export const bucketOfHost = (host: string): string | undefined => HOST.exec(host)?.groups?.['bucket'];

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/**
 * Bucket, key and query of a request. The path is cut by hand: a URL parser would resolve `..` and `//`, which are
 * parts of a key like any other.
 */
export const readRequest = (message: IncomingMessage): S3Request => {
  const [path = '/', ...query] = (message.url ?? '/').split('?');
  const hosted = bucketOfHost(message.headers.host ?? '');
  const full = (hosted === undefined ? '' : `${hosted}/`) + path.slice(1);
  const slash = full.indexOf('/');
  const bucket = decode(slash < 0 ? full : full.slice(0, slash));
  const key = slash < 0 ? '' : decode(full.slice(slash + 1));
  return {
    method: message.method ?? 'GET',
    bucket: bucket === '' ? undefined : bucket,
    key: key === '' ? undefined : key,
    query: new URLSearchParams(query.join('?')),
    headers: message.headers,
    body: message,
  };
};

/** A header's one value. */
export const header = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
};
