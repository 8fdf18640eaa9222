import type { Readable } from 'node:stream';
import { GetObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { Terminal, Transient } from '#lib/contract/errors.ts';
import type { Location } from '#lib/contract/fields.ts';
import type { SourceFile } from './file.ts';

/** An object of a bucket, whose key begins with the prefix that the task may read. */
export function s3File({ s3 }: Pick<TaskContext, 's3'>, { bucket, prefix }: Location, key: string): SourceFile {
  const url = `s3://${bucket}/${key}`;
  if (!key.startsWith(prefix)) {
    throw new Terminal(
      `Reading ${url}: the task may read what begins with '${prefix}'. Correct the key, or the prefix.`,
    );
  }
  return {
    url,
    open: async (known) => {
      try {
        const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, IfNoneMatch: known }));
        return { status: 200, version: ETag, chunks: read(Body as Readable, url) };
      } catch (error) {
        if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 304) return undefined;
        throw refused(error, url);
      }
    },
  };
}

const REFUSALS: ReadonlySet<string> = new Set(['NoSuchKey', 'NoSuchBucket', 'AccessDenied']);

function refused(error: unknown, url: string): unknown {
  if (!(error instanceof S3ServiceException && REFUSALS.has(error.name))) return error;
  return new Terminal(`Reading ${url}: S3 answered ${error.name}. Correct the task's bucket and key.`, {
    cause: error,
  });
}

async function* read(body: AsyncIterable<Uint8Array>, url: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw new Transient(`Reading ${url}: it was cut off on its way. Nothing was loaded.`, { cause });
  }
}
