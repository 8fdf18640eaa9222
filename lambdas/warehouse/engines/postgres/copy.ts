/** COPY of staged files from the lake: the Lambda streams them from S3 to the server, row by row as they are. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { from as copyFrom } from 'pg-copy-streams';
import type { CopyFiles, Part } from '#lambdas/warehouse/warehouse.ts';
import { type SluiceError, Transient } from '#lib/contract/errors.ts';
import { damageOf } from '#lib/runs/errors.ts';
import { identifier } from '#lib/sql/quoting.ts';
import type { Client } from './connection.ts';
import { postgresDialect } from './dialect.ts';
import { statementFailure } from './errors.ts';
import { execute, named } from './statement.ts';
import type { Step } from './transaction.ts';

/** The lake as a Lambda reads it. */
export interface Lake {
  readonly s3: Pick<S3Client, 'send'>;
  readonly bucket: string;
}

/** Lines of JSON, each one value: neither a quote nor a delimiter of this CSV occurs in JSON. */
const CREATE_LINES = 'CREATE TEMPORARY TABLE sluice_lines (line json) ON COMMIT DROP';
const COPY_LINES = `COPY sluice_lines FROM STDIN WITH (FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01', ENCODING 'UTF8')`;

/** What copies the files into a table. */
export const copyStep =
  (doing: string, lake: Lake, files: CopyFiles): Step =>
  async (client) => {
    const run = (sql: string) => execute(client, { doing, sql });
    await run(CREATE_LINES);
    await copyLines(client, doing, partsOf(doing, lake, files.parts));
    const copied = await run(insertLines(files));
    await run('DROP TABLE sluice_lines');
    return copied;
  };

function insertLines({ into, columns }: CopyFiles): string {
  const names = columns.map(({ name }) => identifier(name));
  // A time with a zone loses it on the way into a timestamp without one: as an instant it does not.
  const typed = columns.map(
    ({ type }, at) => `${names[at]} ${postgresDialect.typeName(type === 'timestamp' ? 'timestamptz' : type)}`,
  );
  const values = columns.map(({ type }, at) => (type === 'timestamp' ? `${names[at]} AT TIME ZONE 'UTC'` : names[at]));
  return (
    `INSERT INTO ${into} (${names.join(', ')}) SELECT ${values.join(', ')} ` +
    `FROM sluice_lines, LATERAL json_to_record(line) AS fields(${typed.join(', ')})`
  );
}

const copyLines = (client: Client, doing: string, lines: AsyncIterable<Uint8Array>): Promise<void> =>
  named(doing, COPY_LINES, () =>
    pipeline(Readable.from(lines, { objectMode: false }), client.query(copyFrom(COPY_LINES))),
  );

/** The contents of the files, one after another. */
async function* partsOf(doing: string, { s3, bucket }: Lake, parts: readonly Part[]): AsyncGenerator<Uint8Array> {
  for (const { key } of parts) {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      yield* (Body as Readable).compose(createGunzip()) as AsyncIterable<Uint8Array>;
    } catch (error) {
      throw unreadable(doing, `s3://${bucket}/${key}`, error as Error);
    }
  }
}

/** A file that is not there, or not as it was written, will not come: the batch has failed. */
function unreadable(doing: string, url: string, error: Error): SluiceError {
  if (error.name === 'NoSuchKey')
    return statementFailure(doing, { sql: COPY_LINES, code: NO_DATA, message: `there is no ${url}` });
  const damage = damageOf(error);
  if (damage !== undefined)
    return statementFailure(doing, { sql: COPY_LINES, code: NO_DATA, message: `${url}: ${damage}` });
  return new Transient(`${doing}: reading ${url}: ${error.message}`, { cause: error });
}

/** Of SQLSTATE. */
const NO_DATA = '02000';
