import type { Readable } from 'node:stream';
import { GetObjectCommand, InvalidObjectState, NoSuchKey } from '@aws-sdk/client-s3';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { Terminal } from '#lib/contract/errors.ts';
import type { Part } from '#lib/runs/manifest.ts';
import { gunzip } from './formats/gunzip.ts';
import { lines } from './formats/ndjson.ts';
import { recordOf } from './raw-line.ts';

type Context = Pick<TaskContext, 's3' | 'environment'>;

/**
 * The records of raw parts, in order, as their source wrote them.
 * @throws Terminal where a part is gone, cut off or another than its manifest says
 */
export async function* rawRecords(context: Context, parts: readonly Part[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    const bytes = await bytesOf(context, part);
    let rows = 0;
    try {
      for await (const line of lines(gunzip([bytes]), part.key)) {
        rows++;
        yield recordOf(line);
      }
    } catch (cause) {
      throw lost(part, `after ${rows} of its ${part.rows} records it is no gzip`, { cause });
    }
    if (rows !== part.rows) throw lost(part, `it has ${rows} records, its manifest says ${part.rows}`);
  }
}

/** A part as a whole: it is no longer than what a writer holds in memory. */
async function bytesOf(context: Context, part: Part): Promise<Buffer> {
  const first = await read(context, part);
  const { bytes, broken } = first.broken === undefined ? first : await read(context, part);
  if (bytes.length === part.bytes) return bytes;
  // A connection does not break off at the same byte twice: there it is the object that ends.
  if (broken !== undefined && bytes.length !== first.bytes.length) throw broken;
  const why = broken instanceof Error ? ` (${broken.message})` : '';
  throw lost(part, `${bytes.length} of its ${part.bytes} bytes are to be had${why}`, { cause: broken });
}

/** An object's bytes: those that came, where reading them broke off. */
async function read({ s3, environment }: Context, part: Part): Promise<{ bytes: Buffer; broken?: unknown }> {
  const get = new GetObjectCommand({ Bucket: environment.SLUICE_BUCKET, Key: part.key });
  const { Body } = await s3.send(get).catch((error: unknown) => {
    if (error instanceof NoSuchKey) throw lost(part, 'it is gone', { cause: error });
    // Archived on AWS; on a machine, a file that lost bytes.
    throw error instanceof InvalidObjectState ? lost(part, error.message.replace(/\.$/, ''), { cause: error }) : error;
  });
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of Body as Readable) chunks.push(chunk);
  } catch (broken) {
    return { bytes: Buffer.concat(chunks), broken };
  }
  return { bytes: Buffer.concat(chunks) };
}

const lost = ({ key }: Part, problem: string, options?: ErrorOptions): Terminal =>
  new Terminal(
    `Reading the raw part ${key}: ${problem}. What the run took from its source is not whole any more; no table was ` +
      'touched. Put the file back from a copy, or run the date from its source, without --from-raw.',
    options,
  );
