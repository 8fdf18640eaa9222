import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { objects } from '#sluice';
import { filesSensor, handler } from '../../types/files-sensor.ts';
import { type Aws, BUCKET, openAws } from '../../worlds/aws.ts';
import { eventOf } from '../../worlds/events.ts';
import { describeFunction } from '../../worlds/task-services.ts';

let aws: Aws;
beforeAll(async () => {
  aws = await openAws();
  describeFunction(aws);
});
afterAll(() => aws.close());

test('the sensor of the documentation waits until its files are there', async () => {
  const { input } = filesSensor({ in: objects(BUCKET, 'exports/'), files: 1 });
  await expect(handler(eventOf(input))).rejects.toMatchObject({
    name: 'Sluice.NotReady',
    message: 's3://lake/exports/ has 0 of 1 files.',
  });
  await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'exports/a.csv', Body: 'a' }));
  expect(await handler(eventOf(input))).toEqual({ files: 1 });
});
