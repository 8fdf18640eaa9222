/** The sensor of `docs/authoring.md`, "Tasks that wait". */
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { implement } from '#lambdas/runtime/implement.ts';
import { NotReady } from '#lib/contract/errors.ts';
import { location, taskType } from '#sluice';

export const filesSensor = taskType('files-sensor', {
  kind: 'sensor',
  input: z.object({ in: location(), files: z.int() }),
  output: z.object({ files: z.int() }),
});

export const handler = implement(filesSensor, async ({ in: { bucket, prefix }, files }, { s3 }) => {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
  if (Contents.length < files) {
    throw new NotReady(`s3://${bucket}/${prefix} has ${Contents.length} of ${files} files.`);
  }
  return { files: Contents.length };
});
