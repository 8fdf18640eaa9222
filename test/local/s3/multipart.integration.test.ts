import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeDir, type ServedS3, serveS3 } from '../../worlds/local/s3-server.ts';

let served: ServedS3;
beforeAll(async () => {
  served = await serveS3();
});
afterAll(async () => {
  await served.stop();
  removeDir(served.dir);
});

const Bucket = 'lake';
const MIB = 1024 * 1024;
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error) => error.name,
  );
const read = async (Key: string) => {
  const { Body } = await served.client.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};

const begin = async (Key: string) => {
  const { UploadId } = await served.client.send(
    new CreateMultipartUploadCommand({ Bucket, Key, Metadata: { a: 'b' } }),
  );
  return { Bucket, Key, UploadId };
};
type Begun = Awaited<ReturnType<typeof begin>>;
const part = async (upload: Begun, PartNumber: number, Body: Buffer | string): Promise<CompletedPart> => {
  const { ETag } = await served.client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
  return { ETag, PartNumber };
};
const complete = (upload: Begun, Parts: CompletedPart[], more = {}) =>
  served.client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...more }));

test('lib-storage uploads a stream of unknown length in parts', async () => {
  const body = randomBytes(17 * MIB + 123);
  const pieces = Array.from({ length: 180 }, (_, n) => body.subarray(n * 100_000, (n + 1) * 100_000));
  const upload = new Upload({
    client: served.client,
    params: { Bucket, Key: 'big/stream', Body: Readable.from(pieces), ContentType: 'application/gzip' },
  });
  const { ETag } = await upload.done();
  expect(ETag).toMatch(/^"[0-9a-f]{32}-4"$/);
  expect((await read('big/stream')).equals(body)).toBe(true);
  const head = await served.client.send(new HeadObjectCommand({ Bucket, Key: 'big/stream' }));
  expect(head).toMatchObject({ ContentLength: body.length, ContentType: 'application/gzip', ETag });
});

test('a file of 64 MiB streams in and out in one request', async () => {
  const path = join(served.dir, 'big.bin');
  writeFileSync(path, randomBytes(64 * MIB));
  const Body = createReadStream(path);
  const { ETag } = await served.client.send(
    new PutObjectCommand({ Bucket, Key: 'big/file', Body, ContentLength: 64 * MIB }),
  );
  expect(ETag).toBe(`"${md5(await read('big/file'))}"`);
});

test('parts in any order, one of them replaced, become one object with the ETag of multipart uploads', async () => {
  const upload = await begin('parts');
  const [first, last] = [randomBytes(5 * MIB), Buffer.from('the end')];
  const two = await part(upload, 2, last);
  await part(upload, 1, 'replaced');
  const one = await part(upload, 1, first);
  const listed = await served.client.send(new ListPartsCommand({ ...upload, MaxParts: 1 }));
  expect(listed).toMatchObject({ IsTruncated: true, Parts: [{ PartNumber: 1, Size: 5 * MIB, ETag: one.ETag }] });
  await complete(upload, [one, two]);
  const etag = md5(Buffer.concat([first, last].map((bytes) => Buffer.from(md5(bytes), 'hex'))));
  const head = await served.client.send(new HeadObjectCommand({ Bucket, Key: 'parts' }));
  expect(head).toMatchObject({ ETag: `"${etag}-2"`, Metadata: { a: 'b' } });
  expect((await read('parts')).equals(Buffer.concat([first, last]))).toBe(true);
  expect(await failure(complete(upload, [one, two]))).toBe('NoSuchUpload');
  expect(readdirSync(join(served.dir, 'lake/.s3/uploads'))).toEqual([]);
});

test('a completion that does not fit its parts is refused, and the upload stays', async () => {
  const upload = await begin('misfit');
  const small = await part(upload, 1, 'small');
  const other = await part(upload, 2, 'other');
  expect(await failure(complete(upload, [small, other]))).toBe('EntityTooSmall');
  expect(await failure(complete(upload, [other, small]))).toBe('InvalidPartOrder');
  expect(await failure(complete(upload, [{ PartNumber: 3, ETag: '"x"' }]))).toBe('InvalidPart');
  expect(await failure(complete(upload, [{ ...small, ETag: other.ETag }]))).toBe('InvalidPart');
  await complete(upload, [small]);
  expect((await read('misfit')).toString()).toBe('small');
});

test('of many parallel completions under If-None-Match exactly one wins', async () => {
  const uploads = await Promise.all(Array.from({ length: 12 }, () => begin('claimed')));
  const outcomes = await Promise.all(
    uploads.map(async (upload, n) => {
      const only = await part(upload, 1, `writer ${n}`);
      return failure(complete(upload, [only], { IfNoneMatch: '*' }));
    }),
  );
  expect(outcomes.filter((outcome) => outcome === 'no error')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'PreconditionFailed')).toHaveLength(11);
  expect((await read('claimed')).toString()).toBe(`writer ${outcomes.indexOf('no error')}`);
});

test('an upload outlives a restart, and ends when it is aborted', async () => {
  const upload = await begin('restarted');
  const one = await part(upload, 1, 'one');
  const aborted = await begin('aborted');
  await served.client.send(new AbortMultipartUploadCommand(aborted));
  await served.stop();
  served = await serveS3(served.dir);
  await complete(upload, [one]);
  expect((await read('restarted')).toString()).toBe('one');
  expect(await failure(part(aborted, 1, 'x'))).toBe('NoSuchUpload');
});
