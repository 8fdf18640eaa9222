import { type _Object, ListObjectsV2Command, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { implement, NotReady, Terminal } from '#sluice/lambda';
import { s3KeySensor } from './task.ts';

export const handler = implement(s3KeySensor, async ({ in: { bucket, prefix }, key }, { s3 }) => {
  if (!key.startsWith(prefix)) {
    throw new Terminal(
      `Looking for s3://${bucket}/${key}: the task may read what begins with '${prefix}'. Correct the key, or the ` +
        "prefix in the task's 'in'.",
    );
  }
  const { Key, Size = 0, ETag, LastModified = new Date(0) } = (await firstFrom(s3, bucket, key)) ?? {};
  if (Key !== key) throw new NotReady(`s3://${bucket}/${key} is not there.`);
  return { key, bytes: Size, ...(ETag && { etag: ETag }), lastModified: LastModified.toISOString() };
});

/**
 * The first object whose key begins with this one: the object itself, where it exists. To list, other than to ask for
 * the object, tells a bucket that is not there from an object that is not there.
 */
async function firstFrom(s3: S3Client, bucket: string, key: string): Promise<_Object | undefined> {
  try {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }));
    return Contents[0];
  } catch (error) {
    const advice = error instanceof S3ServiceException ? ADVICE[error.name] : undefined;
    if (advice === undefined) throw error;
    throw new Terminal(`Looking for s3://${bucket}/${key}: S3 answered ${(error as Error).name}. ${advice}`, {
      cause: error,
    });
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  NoSuchBucket: "Correct the bucket in the task's 'in', or create it.",
  AccessDenied: "The function's role has s3:ListBucket for this prefix; a bucket of another account must allow it too.",
};
