import { expect, test } from 'vitest';
import { parseRange } from '#local/s3/range.ts';
import { bucketOfHost } from '#local/s3/request.ts';

test.each([
  ['127.0.0.1:4566', undefined],
  ['localhost', undefined],
  ['s3.localhost:4566', undefined],
  ['s3.us-east-1.amazonaws.com', undefined],
  ['some.proxy:80', undefined],
  ['lake.localhost:4566', 'lake'],
  ['lake.127.0.0.1:4566', 'lake'],
  ['my.lake.s3.us-east-1.amazonaws.com', 'my.lake'],
  ['s3-lake.s3.localhost.localstack.cloud:4566', 's3-lake'],
])('the host %s names the bucket %s', (host, bucket) => {
  expect(bucketOfHost(host)).toBe(bucket);
});

test.each([undefined, 'bytes=3-1', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-'])(
  'the range %s is the whole object',
  (value) => {
    expect(parseRange(value, 10)).toBeUndefined();
  },
);
