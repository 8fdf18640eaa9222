/** The embedded S3: real SDKs and the AWS CLI work against it; objects are plain files of one folder. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Answer, Call } from './call.ts';
import { S3Error } from './errors.ts';
import { readRequest } from './request.ts';
import { findOperation } from './routes.ts';
import { Store } from './store.ts';
import { document } from './xml.ts';

export { DamagedBucketError } from './errors.ts';

export interface S3Options {
  /** Where buckets lie, one folder each; created when missing. One process at a time may use it. */
  readonly dir: string;
  /** Buckets that must exist from the start. */
  readonly buckets?: readonly string[];
}

export interface S3 {
  /** Answers one request of S3's REST API; never rejects. Signatures are not verified: any credentials do. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Creates a bucket, or leaves an existing one as it is. */
  createBucket(name: string): void;
  /** The file that holds an object's bytes until the object is replaced or deleted, or undefined without one. */
  pathOf(bucket: string, key: string): string | undefined;
  /** An object's size in bytes, or undefined without one. */
  sizeOf(bucket: string, key: string): number | undefined;
  /** The keys of a bucket that begin with a prefix, in S3's order; none without the bucket. */
  keysOf(bucket: string, prefix: string): readonly string[];
  /** Closes the files of the buckets; objects stay. */
  close(): void;
}

/**
 * Opens the S3 of one folder.
 *
 * @throws DamagedBucketError for a bucket whose books cannot be read
 * @example
 * const s3 = createS3({ dir: '.sluice/s3', buckets: ['lake'] });
 * createServer((request, response) => void s3.handle(request, response)).listen(0, '127.0.0.1');
 */
export const createS3 = ({ dir, buckets = [] }: S3Options): S3 => {
  const store = new Store(dir);
  for (const name of buckets) store.create(name);
  return {
    handle: (request, response) => handle(store, request, response),
    createBucket: (name) => void store.create(name),
    pathOf(name, key) {
      const bucket = store.find(name);
      const object = bucket?.get(key);
      return object && bucket?.pathOf(object);
    },
    sizeOf: (name, key) => store.find(name)?.get(key)?.size,
    keysOf: (name, prefix) => store.find(name)?.keys.filter((key) => key.startsWith(prefix)) ?? [],
    close: () => store.close(),
  };
};

const handle = async (store: Store, message: IncomingMessage, response: ServerResponse): Promise<void> => {
  const id = randomUUID();
  response.setHeader('x-amz-request-id', id);
  try {
    const request = readRequest(message);
    const answer = await findOperation(request)(new Call(store, request));
    await send(answer, message, response);
  } catch (error) {
    // The client went away, or the answer had begun: nobody is left to be told.
    if (message.destroyed && !message.complete) return void response.destroy();
    if (response.headersSent) return void response.destroy();
    await send(errorAnswer(error, message.url ?? '/', id), message, response);
  } finally {
    // What an error left unread of the body, so that the connection can serve the next request.
    message.resume();
  }
};

const errorAnswer = (error: unknown, resource: string, requestId: string): Answer => {
  const known = error instanceof S3Error ? error : unexpected(error);
  const { status, code, message, detail } = known;
  if (status === 304) return { status, headers: { etag: `"${detail['ETag']}"` } };
  const body = document('Error', { Code: code, Message: message, ...detail, Resource: resource, RequestId: requestId });
  return { status, body };
};

const unexpected = (error: unknown): S3Error => {
  console.error('The embedded S3 failed on a request:', error);
  return new S3Error('InternalError', `The embedded S3 failed: ${error instanceof Error ? error.message : error}`);
};

const send = async (answer: Answer, message: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { status = 200, headers = {}, body = '' } = answer;
  const isText = typeof body === 'string';
  response.writeHead(status, {
    server: 'AmazonS3',
    ...(isText && status !== 204 && status !== 304 && { 'content-length': String(Buffer.byteLength(body)) }),
    ...(isText && body !== '' && { 'content-type': 'application/xml' }),
    ...headers,
  });
  if (!isText) await pipeline(body, response);
  else response.end(message.method === 'HEAD' ? undefined : body);
};
