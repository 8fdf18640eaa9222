/** A warehouse that is cut or garbled anywhere: it opens, or the file is named with what is lost and the way out. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EmbeddedAwsError } from '#local/machine/errors.ts';
import { RedshiftServerless } from '#local/redshift-serverless/redshift-serverless.ts';
import { temporaryDirectory } from '../../worlds/local/cloud-assembly.ts';

const directory = temporaryDirectory();
const file = join(directory, 'warehouse.duckdb');

/** @returns what the refusal says, or undefined where it opens */
async function opening(): Promise<string | undefined> {
  const redshift = new RedshiftServerless({ file, objectPath: () => '', objectKeys: () => [], secret: () => '{}' });
  try {
    await redshift.createNamespace('main', { database: 'dev', adminUser: 'admin' });
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(EmbeddedAwsError);
    return (error as Error).message;
  } finally {
    await redshift.close();
  }
}

test('wherever it is damaged, the file and the way out are named', async () => {
  expect(await opening()).toBeUndefined();
  const bytes = readFileSync(file);
  const refusals: string[] = [];
  const damages = [0, 0.002, 0.3, 0.6, 0.9].flatMap((at) => {
    const offset = Math.floor(at * bytes.length);
    return [bytes.subarray(0, offset), Buffer.from(bytes).fill(255, offset, offset + 4096)];
  });
  for (const damaged of damages) {
    rmSync(`${file}.wal`, { force: true });
    writeFileSync(file, damaged);
    const refusal = await opening();
    if (refusal !== undefined) refusals.push(refusal);
  }
  expect(refusals.length).toBeGreaterThan(6);
  for (const refusal of refusals) {
    expect(refusal).toContain(
      `If ${file} is damaged, remove it to go on: the tables are made anew, and must be loaded again.`,
    );
  }
});
