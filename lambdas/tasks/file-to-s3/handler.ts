import type * as z from 'zod';
import { extract } from '#lambdas/lake/extract.ts';
import { implement, type TaskContext } from '#lambdas/runtime/implement.ts';
import type { SourceFile } from '#lambdas/sources/files/file.ts';
import { formatOf } from '#lambdas/sources/files/format-of.ts';
import { httpFile } from '#lambdas/sources/files/http.ts';
import { pagesOfFiles } from '#lambdas/sources/files/pages.ts';
import { s3File } from '#lambdas/sources/files/s3.ts';
import { Terminal } from '#lib/contract/errors.ts';
import { fileToS3 } from './task.ts';

type Input = z.output<typeof fileToS3.type.input>;

export const handler = implement(fileToS3, ({ to, format, encoding, ...where }, context) => {
  const { file, records } = formatOf(format, encoding);
  return extract(context, { ...to, format: records }, async function* (beforehand) {
    yield* pagesOfFiles([await fileAt(where, context)], file, beforehand);
  });
});

function fileAt(
  { connection, path, in: location, key }: Omit<Input, 'to' | 'format'>,
  context: TaskContext,
): SourceFile | Promise<SourceFile> {
  if (connection && path !== undefined && !location) return httpFile(context, connection, path);
  if (location && key !== undefined && !connection) return s3File(context, location, key);
  throw new Terminal("A file lies at a connection's path or at a bucket's key: give either of them, and not both.");
}
