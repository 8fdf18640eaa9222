import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Bucket, StoredObject } from './bucket.ts';
import { S3Error } from './errors.ts';
import { header, type S3Request } from './request.ts';
import type { Store } from './store.ts';

/** What an operation answers; a status of 200 unless it says otherwise. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
}

/** One request on its way through its operation. */
export class Call {
  readonly store: Store;
  readonly request: S3Request;

  constructor(store: Store, request: S3Request) {
    this.store = store;
    this.request = request;
  }

  get headers(): IncomingHttpHeaders {
    return this.request.headers;
  }

  /** The bucket that the request names; it must exist. */
  get bucket(): Bucket {
    return this.store.bucket(this.request.bucket ?? '');
  }

  /** The key that the request names. */
  get key(): string {
    const key = this.request.key ?? '';
    if (Buffer.byteLength(key) <= 1024) return key;
    throw new S3Error('KeyTooLongError', 'Your key is too long', { MaxSizeAllowed: '1024' });
  }

  header(name: string): string | undefined {
    return header(this.headers, name);
  }

  query(name: string): string | undefined {
    return this.request.query.get(name) ?? undefined;
  }

  /** A whole number of the query, from 0 to `limit`, beyond which it is cut. */
  count(name: string, limit: number): number {
    const text = this.query(name) ?? String(limit);
    if (/^\d{1,10}$/.test(text)) return Math.min(Number(text), limit);
    throw new S3Error('InvalidArgument', `Provided ${name} not an integer or within integer range`, {
      ArgumentName: name,
      ArgumentValue: text,
    });
  }
}

export const foundObject = (bucket: Bucket, key: string): StoredObject => {
  const object = bucket.get(key);
  if (object) return object;
  throw noSuchKey(key);
};

const noSuchKey = (key: string): S3Error => new S3Error('NoSuchKey', 'The specified key does not exist.', { Key: key });

/** Now, in the whole seconds that S3 keeps. */
export const thisSecond = (): string => new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();

export const quoted = (etag: string): string => `"${etag}"`;
