/** Which files a COPY reads: the objects of a manifest, or those whose keys begin with a prefix. */
import { readFile, stat } from 'node:fs/promises';
import * as z from 'zod';
import { RedshiftError } from '../errors.ts';

export interface ObjectStore {
  /** The file that holds an object of S3, or undefined where there is none. */
  readonly objectPath: (bucket: string, key: string) => string | undefined;
  /** The keys of a bucket that begin with a prefix. */
  readonly objectKeys: (bucket: string, prefix: string) => readonly string[];
}

export interface SourceFile {
  /** `s3://bucket/key` */
  readonly url: string;
  readonly path: string;
}

const manifestFile = z.object({
  entries: z
    .array(
      z.strictObject({
        url: z.string(),
        mandatory: z.boolean().default(false),
        meta: z.object({ content_length: z.int() }).optional(),
      }),
    )
    .min(1),
});

/** @throws RedshiftError where there is nothing to read */
export async function filesOfPrefix(url: string, objects: ObjectStore): Promise<SourceFile[]> {
  const { bucket, key: prefix } = parseUrl(url);
  const found = objects.objectKeys(bucket, prefix).flatMap((key) => {
    const path = objects.objectPath(bucket, key);
    return path === undefined ? [] : [{ url: `s3://${bucket}/${key}`, path }];
  });
  if (found.length === 0) throw new RedshiftError(`ERROR: The specified S3 prefix '${prefix}' does not exist`);
  return found;
}

/** @throws RedshiftError where the manifest, or an object that it makes mandatory, is missing or not as it says */
export async function filesOfManifest(url: string, objects: ObjectStore): Promise<SourceFile[]> {
  const manifest = locate(url, objects);
  if (!manifest) {
    throw new RedshiftError(
      `ERROR: Problem reading manifest file - S3ServiceException:The specified key does not exist.,Status 404,Error NoSuchKey,Key ${url}`,
    );
  }
  const found: SourceFile[] = [];
  for (const { url: entry, mandatory, meta } of (await parseManifest(manifest)).entries) {
    const file = locate(entry, objects);
    if (file) {
      await checkLength(file, meta?.content_length);
      found.push(file);
    } else if (mandatory) {
      throw new RedshiftError(`ERROR: File ${entry} of manifest ${url} is mandatory and does not exist`);
    }
  }
  return found;
}

async function parseManifest({ url, path }: SourceFile): Promise<z.output<typeof manifestFile>> {
  try {
    return manifestFile.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new RedshiftError(`ERROR: Manifest file ${url} is not in the format of a manifest: ${reason}`, { cause });
  }
}

async function checkLength({ url, path }: SourceFile, expected: number | undefined): Promise<void> {
  const { size } = await stat(path);
  if (expected === undefined || expected === size) return;
  throw new RedshiftError(
    `ERROR: File ${url} has ${size} bytes, and its content_length in the manifest is ${expected}`,
  );
}

function locate(url: string, objects: ObjectStore): SourceFile | undefined {
  const { bucket, key } = parseUrl(url);
  const path = objects.objectPath(bucket, key);
  return path === undefined ? undefined : { url, path };
}

function parseUrl(url: string): { bucket: string; key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
  if (bucket === undefined || key === undefined) throw new RedshiftError(`ERROR: "${url}" is no s3://bucket/key`);
  return { bucket, key };
}
