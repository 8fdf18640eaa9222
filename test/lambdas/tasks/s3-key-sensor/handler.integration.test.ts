import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { objects } from '#sluice';
import { handler } from '#tasks/s3-key-sensor/handler.ts';
import { type Aws, openAws } from '../../../worlds/aws.ts';
import { eventOf } from '../../../worlds/events.ts';
import { describeFunction } from '../../../worlds/task-services.ts';

const Bucket = 'partner-exports';

let aws: Aws;
beforeAll(async () => {
  aws = await openAws();
  describeFunction(aws);
  await aws.client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => aws.close());

const look = (key: string, place = objects(Bucket, 'orders/')) => handler(eventOf({ in: place, key }));

test('an object that is there is found with its size and version', async () => {
  await aws.client.send(new PutObjectCommand({ Bucket, Key: 'orders/a.csv', Body: 'id\n1\n' }));
  expect(await look('orders/a.csv')).toEqual({
    key: 'orders/a.csv',
    bytes: 5,
    etag: expect.stringMatching(/^"\w{32}"$/),
    lastModified: expect.stringMatching(/Z$/),
  });
});

test('an object that is not there is not ready, also where the keys of others begin with its key', async () => {
  await aws.client.send(new PutObjectCommand({ Bucket, Key: 'orders/b.csv.part', Body: 'id' }));
  await expect(look('orders/b.csv')).rejects.toMatchObject({
    name: 'Sluice.NotReady',
    message: 's3://partner-exports/orders/b.csv is not there.',
  });
  await aws.client.send(new PutObjectCommand({ Bucket, Key: 'orders/b.csv', Body: 'id' }));
  expect(await look('orders/b.csv')).toMatchObject({ bytes: 2 });
});

test('a key outside of the prefix is terminal at once', async () => {
  await expect(look('invoices/a.csv')).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringContaining("the task may read what begins with 'orders/'"),
  });
});

test('a bucket that does not exist is terminal at once', async () => {
  await expect(look('a.csv', objects('no-such-bucket', ''))).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(/s3:\/\/no-such-bucket\/a\.csv: S3 answered NoSuchBucket\. Correct the bucket/),
  });
});
