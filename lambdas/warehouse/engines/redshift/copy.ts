/** COPY of staged files from the lake. */
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { CopyFiles, Part } from '#lambdas/warehouse/warehouse.ts';
import { copyListKey } from '#lib/runs/keys.ts';
import { identifier, literal } from '#lib/sql/quoting.ts';

/** How the warehouse gets at the lake. */
export interface Lake {
  readonly s3: S3Client;
  readonly bucket: string;
  /** The ARN of the role that COPY reads the lake with. */
  readonly role: string;
}

/** The statement that copies the files, once the list of them is written that it reads. */
export async function copyStatement({ s3, bucket, role }: Lake, files: CopyFiles): Promise<string> {
  const Key = copyListKey(files.prefix);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: copyManifest(bucket, files.parts) }));
  return (
    `COPY ${files.into} (${files.columns.map(({ name }) => identifier(name)).join(', ')}) FROM ${literal(`s3://${bucket}/${Key}`)} ` +
    `IAM_ROLE ${literal(role)} FORMAT AS JSON 'auto' GZIP MANIFEST TIMEFORMAT 'auto' MAXERROR 0`
  );
}

/** COPY reads these files and no others: one that is missing fails it. */
const copyManifest = (bucket: string, parts: readonly Part[]): string =>
  JSON.stringify({
    entries: parts.map(({ key, bytes }) => ({
      url: `s3://${bucket}/${key}`,
      mandatory: true,
      meta: { content_length: bytes },
    })),
  });
