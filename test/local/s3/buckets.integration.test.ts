import { request } from 'node:http';
import {
  CreateBucketCommand,
  GetBucketLocationCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeDir, type ServedS3, serveS3 } from '../../worlds/local/s3-server.ts';

let served: ServedS3;
const KEYS = [
  ...Array.from({ length: 25 }, (_, n) => `raw/a/${String(n).padStart(2, '0')}`),
  'raw/b/1 +&<>"',
  'raw/b/2',
  'raw/top',
  'stage/ü',
  'stage/\u{ffff}',
  'stage/\u{1f600}',
];
beforeAll(async () => {
  served = await serveS3();
  for (const Key of KEYS.toReversed())
    await served.client.send(new PutObjectCommand({ Bucket: 'lake', Key, Body: Key }));
});
afterAll(async () => {
  await served.stop();
  removeDir(served.dir);
});

const failure = (promise: Promise<unknown>) => promise.then(String, (error) => `${error.name}: ${error.message}`);

test('buckets are created, found, listed and kept', async () => {
  const { client } = served;
  await client.send(new CreateBucketCommand({ Bucket: 'other-bucket' }));
  await client.send(new CreateBucketCommand({ Bucket: 'other-bucket' }));
  await client.send(new HeadBucketCommand({ Bucket: 'other-bucket' }));
  const { Buckets } = await client.send(new ListBucketsCommand({}));
  expect(Buckets?.map(({ Name }) => Name)).toEqual(['lake', 'other-bucket']);
  expect(Buckets?.[0]?.CreationDate).toBeInstanceOf(Date);
  const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket: 'lake' }));
  expect(LocationConstraint || undefined).toBeUndefined();
  expect(await failure(client.send(new HeadBucketCommand({ Bucket: 'nowhere' })))).toMatch(/^NotFound/);
  expect(await failure(client.send(new CreateBucketCommand({ Bucket: 'Not_A_Name' })))).toMatch(/^InvalidBucketName/);
});

test.each([1, 2, 7, 1000])(
  'a listing in pages of %i has every key once, in the order of UTF-8 bytes',
  async (pageSize) => {
    const pages = paginateListObjectsV2({ client: served.client, pageSize }, { Bucket: 'lake' });
    const keys: (string | undefined)[] = [];
    for await (const page of pages) keys.push(...(page.Contents ?? []).map(({ Key }) => Key));
    expect(keys).toEqual(KEYS);
  },
);

test('a delimiter rolls keys up, page by page', async () => {
  const pages = paginateListObjectsV2(
    { client: served.client, pageSize: 1 },
    { Bucket: 'lake', Prefix: 'raw/', Delimiter: '/' },
  );
  const found: (string | undefined)[] = [];
  for await (const { CommonPrefixes = [], Contents = [] } of pages) {
    found.push(...CommonPrefixes.map(({ Prefix }) => Prefix), ...Contents.map(({ Key }) => Key));
  }
  expect(found).toEqual(['raw/a/', 'raw/b/', 'raw/top']);
});

test('a listing starts after a key, carries sizes and ETags, and encodes keys when asked', async () => {
  const answer = await served.client.send(
    new ListObjectsV2Command({ Bucket: 'lake', Prefix: 'raw/', StartAfter: 'raw/a/24', EncodingType: 'url' }),
  );
  expect(answer.Contents?.map(({ Key }) => Key)).toEqual(['raw/b/1%20%2B%26%3C%3E%22', 'raw/b/2', 'raw/top']);
  expect(answer.Contents?.[1]).toMatchObject({ Size: 7, ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/) });
  expect(answer).toMatchObject({ IsTruncated: false, KeyCount: 3 });
  const none = await served.client.send(new ListObjectsV2Command({ Bucket: 'lake', Prefix: 'nothing' }));
  expect(none).toMatchObject({ IsTruncated: false, KeyCount: 0 });
  const zero = await served.client.send(new ListObjectsV2Command({ Bucket: 'lake', MaxKeys: 0 }));
  expect(zero).toMatchObject({ IsTruncated: false, KeyCount: 0 });
});

test('an operation that is not done answers 501 and its name', async () => {
  const tagging = served.client.send(new GetObjectTaggingCommand({ Bucket: 'lake', Key: 'raw/top' }));
  expect(await failure(tagging)).toMatch('NotImplemented: This S3 does not do GET /{bucket}/{key}?tagging.');
  expect(await failure(served.client.send(new ListObjectsCommand({ Bucket: 'lake' })))).toMatch(
    'NotImplemented: This S3 does not do GET /{bucket}.',
  );
  const sse = new PutObjectCommand({ Bucket: 'lake', Key: 'x', Body: 'x', ServerSideEncryption: 'aws:kms' });
  expect(await failure(served.client.send(sse))).toMatch(/NotImplemented: .*x-amz-server-side-encryption: aws:kms/);
});

test('a bucket in the host name is found', async () => {
  const { port } = new URL(served.url);
  const status = await new Promise((resolve, reject) => {
    const headers = { host: `lake.localhost:${port}` };
    request({ host: '127.0.0.1', port, path: '/raw/top', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });
  expect(status).toBe(200);
});
