import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
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
const put = (Key: string, Body: PutObjectCommandInput['Body'] & {}, more: Partial<PutObjectCommandInput> = {}) =>
  served.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = async (Key: string, more = {}) => {
  const answer = await served.client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, bytes: Buffer.from((await answer.Body?.transformToByteArray()) ?? []) };
};
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error) => `${error.$metadata.httpStatusCode} ${error.name}`,
  );

test('an object comes back byte for byte with its type, metadata, MD5 as ETag and checksum', async () => {
  const body = randomBytes(100_000);
  const answer = await put('a/b.bin', body, {
    ContentType: 'text/x',
    Metadata: { run: '7' },
    CacheControl: 'no-store',
  });
  expect(answer.ETag).toBe(`"${createHash('md5').update(body).digest('hex')}"`);
  const found = await get('a/b.bin', { ChecksumMode: 'ENABLED' });
  expect(found.bytes.equals(body)).toBe(true);
  expect(found).toMatchObject({ ContentType: 'text/x', Metadata: { run: '7' }, CacheControl: 'no-store' });
  expect(found.ChecksumCRC32).toBe(answer.ChecksumCRC32);
  expect(found.ContentLength).toBe(100_000);
});

test('a streamed upload is stored without its aws-chunked framing and trailer', async () => {
  const pieces = Array.from({ length: 40 }, () => randomBytes(1 + Math.floor(Math.random() * 70_000)));
  const whole = Buffer.concat(pieces);
  await put('streamed', Readable.from(pieces), { ContentLength: whole.length, ContentEncoding: 'gzip' });
  const found = await get('streamed');
  expect(found.bytes.equals(whole)).toBe(true);
  expect(found.ContentEncoding).toBe('gzip');
});

test('a signed streamed upload is stored without its chunk signatures', async () => {
  const body = 'hello world';
  const chunk = (text: string) => `${text.length.toString(16)};chunk-signature=${'0'.repeat(64)}\r\n${text}\r\n`;
  const answer = await fetch(`${served.url}/lake/signed`, {
    method: 'PUT',
    headers: {
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': String(body.length),
      'x-amz-trailer': 'x-amz-checksum-crc32',
    },
    body: `${chunk('hello ')}${chunk('world')}0;chunk-signature=${'0'.repeat(64)}\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n`,
  });
  expect(answer.status).toBe(200);
  expect((await get('signed')).bytes.toString()).toBe(body);
});

test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
  'a %s checksum is verified',
  async (algorithm) => {
    const answer = await put(`sum/${algorithm}`, 'one two three', { ChecksumAlgorithm: algorithm });
    const value = answer[`Checksum${algorithm}`];
    expect(value).toBeTruthy();
    expect((await get(`sum/${algorithm}`, { ChecksumMode: 'ENABLED' }))[`Checksum${algorithm}`]).toBe(value);
    const wrong = put(`sum/wrong-${algorithm}`, 'one two thirty', { [`Checksum${algorithm}`]: value });
    expect(await failure(wrong)).toBe('400 BadDigest');
    expect(served.s3.pathOf(Bucket, `sum/wrong-${algorithm}`)).toBeUndefined();
  },
);

test('a wrong Content-MD5, SHA-256, decoded length or trailer stores nothing', async () => {
  const send = (headers: Record<string, string>, body = 'x') =>
    fetch(`${served.url}/lake/refused`, { method: 'PUT', headers, body }).then((answer) => answer.text());
  expect(await send({ 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' })).toContain('<Code>BadDigest</Code>');
  expect(await send({ 'x-amz-content-sha256': '0'.repeat(64) })).toContain('<Code>XAmzContentSHA256Mismatch</Code>');
  const chunked = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '2' };
  expect(await send(chunked, '1\r\nx\r\n0\r\n\r\n')).toContain('<Code>IncompleteBody</Code>');
  expect(await send(chunked, '2\r\nxy\r\n')).toContain('<Code>IncompleteBody</Code>');
  const trailer = { ...chunked, 'x-amz-trailer': 'x-amz-checksum-crc32' };
  expect(await send(trailer, '2\r\nxy\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n')).toContain('BadDigest');
  expect(served.s3.pathOf(Bucket, 'refused')).toBeUndefined();
});

test('an upload that breaks off leaves what was there', async () => {
  await put('kept', 'before');
  const upload = request(`${served.url}/lake/kept`, { method: 'PUT', headers: { 'content-length': '1000000' } });
  upload.on('error', () => {});
  upload.write(Buffer.alloc(200_000, 'x'));
  const folder = `${served.dir}/lake/.s3/tmp`;
  await vi.waitUntil(() => readdirSync(folder).length === 1, 300_000);
  upload.destroy();
  await vi.waitUntil(() => readdirSync(folder).length === 0, 300_000);
  expect((await get('kept')).bytes.toString()).toBe('before');
});

test.each([
  ['bytes=0-3', '0123', 'bytes 0-3/10'],
  ['bytes=7-', '789', 'bytes 7-9/10'],
  ['bytes=-2', '89', 'bytes 8-9/10'],
  ['bytes=8-100', '89', 'bytes 8-9/10'],
])('the range %s is %s', async (Range, text, ContentRange) => {
  await put('digits', '0123456789');
  const part = await get('digits', { Range });
  expect([part.bytes.toString(), part.ContentRange, part.$metadata.httpStatusCode]).toEqual([text, ContentRange, 206]);
});

test('a range past the end is refused, an empty object is read', async () => {
  await put('empty', '');
  expect(await failure(get('empty', { Range: 'bytes=5-' }))).toBe('416 InvalidRange');
  expect((await get('empty')).bytes.length).toBe(0);
});

test('conditional reads answer 304 and 412', async () => {
  const { ETag } = await put('conditional', 'x');
  expect(await failure(get('conditional', { IfNoneMatch: ETag }))).toMatch(/^304/);
  expect(await failure(get('conditional', { IfMatch: '"other"' }))).toBe('412 PreconditionFailed');
  expect((await get('conditional', { IfMatch: ETag, IfNoneMatch: '"other"' })).bytes.toString()).toBe('x');
});

test('of many parallel creations exactly one wins, and its bytes stay', async () => {
  const attempts = Array.from({ length: 40 }, (_, n) => failure(put('claim', `writer ${n}`, { IfNoneMatch: '*' })));
  const outcomes = await Promise.all(attempts);
  expect(outcomes.filter((outcome) => outcome === 'no error')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === '412 PreconditionFailed')).toHaveLength(39);
  expect((await get('claim')).bytes.toString()).toBe(`writer ${outcomes.indexOf('no error')}`);
});

test('of many parallel replacements of one version exactly one wins', async () => {
  const { ETag } = await put('version', 'first');
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, (_, n) => failure(put('version', `writer ${n}`, { IfMatch: ETag }))),
  );
  expect(outcomes.filter((outcome) => outcome === 'no error')).toHaveLength(1);
  expect(await failure(put('version', 'x', { IfMatch: ETag }))).toBe('412 PreconditionFailed');
  expect(await failure(put('absent', 'x', { IfMatch: ETag }))).toBe('404 NoSuchKey');
});

test('a conditional write answers 409 when the object is deleted while the body arrives', async () => {
  await put('raced', 'x');
  let go = () => {};
  const body = Readable.from(
    (async function* () {
      yield Buffer.alloc(65_536);
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      yield Buffer.alloc(1);
    })(),
  );
  const write = failure(put('raced', body, { ContentLength: 65_537, IfNoneMatch: '*' }));
  await new Promise((resolve) => setTimeout(resolve, 150));
  await served.client.send(new DeleteObjectCommand({ Bucket, Key: 'raced' }));
  go();
  expect(await write).toBe('409 ConditionalRequestConflict');
});

const STRANGE = [
  'a',
  'a/b',
  'a/b/',
  '../outside',
  './x//y',
  '.s3/objects.ndjson',
  'spaces and + % & < > " \' ? # ;',
  'Ünïcödé/日本語/𝒳',
  'run=2026-01-01T00:00:00+00:00',
  'line\nbreak\r\ttab',
  'x'.repeat(1024),
  `${'y'.repeat(255)}/${'z'.repeat(255)}`,
];

test('keys of any characters keep apart and come back, also after a restart', async () => {
  for (const key of STRANGE) await put(`strange/${key}`.slice(0, 1024), key);
  await served.stop();
  served = await serveS3(served.dir);
  for (const key of STRANGE) expect((await get(`strange/${key}`.slice(0, 1024))).bytes.toString()).toBe(key);
  expect(await failure(put('x'.repeat(1025), ''))).toBe('400 KeyTooLongError');
});

test('an object whose file was removed is named while S3 is open, and is no object from the next start on', async () => {
  for (const key of ['removed/one', 'removed/two']) await put(key, key);
  rmSync(served.s3.pathOf(Bucket, 'removed/one') ?? '');
  expect(await failure(get('removed/one'))).toBe('403 InvalidObjectState');
  await served.stop();
  served = await serveS3(served.dir);
  expect(await failure(get('removed/one'))).toBe('404 NoSuchKey');
  expect(served.s3.keysOf(Bucket, 'removed/')).toEqual(['removed/two']);
  await put('removed/one', 'again', { IfNoneMatch: '*' });
  expect((await get('removed/one')).bytes.toString()).toBe('again');
});

test('pathOf and sizeOf give the file of an object, at a readable place where that is free', async () => {
  await put('raw/dt=2026-01-01/page.ndjson.gz', 'first');
  const path = served.s3.pathOf(Bucket, 'raw/dt=2026-01-01/page.ndjson.gz') as string;
  expect(path).toBe(`${served.dir}/lake/raw/dt=2026-01-01/page.ndjson.gz`);
  await put('raw/dt=2026-01-01/page.ndjson.gz', 'second!');
  expect(readFileSync(served.s3.pathOf(Bucket, 'raw/dt=2026-01-01/page.ndjson.gz') as string, 'utf8')).toBe('second!');
  expect(served.s3.sizeOf(Bucket, 'raw/dt=2026-01-01/page.ndjson.gz')).toBe(7);
  expect(served.s3.pathOf(Bucket, 'raw/absent')).toBeUndefined();
  expect(served.s3.sizeOf('nowhere', 'raw')).toBeUndefined();
});

test('deletes are idempotent, one by one and by the hundred', async () => {
  const keys = Array.from({ length: 120 }, (_, n) => `doomed/${n} & co`);
  await Promise.all(keys.map((key) => put(key, 'x')));
  const Objects = [...keys, 'doomed/never was'].map((Key) => ({ Key }));
  const answer = await served.client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(answer.Deleted).toHaveLength(121);
  expect(answer.Errors ?? []).toEqual([]);
  expect(keys.filter((key) => served.s3.pathOf(Bucket, key))).toEqual([]);
  await served.client.send(new DeleteObjectCommand({ Bucket, Key: 'doomed/never was' }));
});

test('a copy takes bytes and metadata along, or takes new ones', async () => {
  await put('source +ü', 'content', { ContentType: 'text/x', Metadata: { a: '1' } });
  const CopySource = `lake/${encodeURIComponent('source +ü')}`;
  const copy = (more: object) =>
    served.client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource, ...more }));
  const { CopyObjectResult } = await copy({});
  const copied = await get('copy');
  expect([copied.bytes.toString(), copied.ETag]).toEqual(['content', CopyObjectResult?.ETag]);
  expect(copied).toMatchObject({ ContentType: 'text/x', Metadata: { a: '1' } });
  await copy({ MetadataDirective: 'REPLACE', Metadata: { b: '2' }, ContentType: 'text/y' });
  expect(await get('copy')).toMatchObject({ ContentType: 'text/y', Metadata: { b: '2' } });
  expect(await failure(copy({ CopySourceIfMatch: '"other"' }))).toBe('412 PreconditionFailed');
});

test('what is missing is named', async () => {
  expect(await failure(get('absent'))).toBe('404 NoSuchKey');
  expect(await failure(served.client.send(new HeadObjectCommand({ Bucket, Key: 'absent' })))).toBe('404 NotFound');
  const elsewhere = new PutObjectCommand({ Bucket: 'nowhere', Key: 'x', Body: 'x'.repeat(3_000_000) });
  expect(await failure(served.client.send(elsewhere))).toBe('404 NoSuchBucket');
});

test('an object’s bytes are in the file of its key, however often it is replaced', async () => {
  const file = join(served.dir, Bucket, 'named/run.json');
  for (const content of ['one', 'two', 'three', 'four']) {
    await put('named/run.json', content);
    expect(readFileSync(file, 'utf8')).toBe(content);
    expect((await get('named/run.json')).bytes.toString()).toBe(content);
  }
  await served.client.send(new DeleteObjectCommand({ Bucket, Key: 'named/run.json' }));
  expect(existsSync(file)).toBe(false);
});

test('an object whose file is gone or cut is named with its file, and not asked for again', async () => {
  await put('cut', 'whole');
  const file = served.s3.pathOf(Bucket, 'cut') ?? '';
  truncateSync(file, 2);
  await expect(get('cut')).rejects.toMatchObject({
    name: 'InvalidObjectState',
    message: `The file of the object's 5 bytes, ${file}, has 2 bytes.`,
  });
  rmSync(file);
  await expect(get('cut')).rejects.toMatchObject({
    name: 'InvalidObjectState',
    message: expect.stringMatching(/ is gone\.$/),
  });
});
