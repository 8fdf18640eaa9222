import { InvalidObjectState } from '@aws-sdk/client-s3';
import { Terminal } from '#lib/contract/errors.ts';

/** An object of the bucket is not what its readers need: cut off, changed by hand, gone. The rest can be read without it. */
export class Damaged extends Terminal {}

/** What is wrong with an object that is there and could not be read; undefined where it may be whole. */
export function damageOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // Archived on AWS; on a machine, a file that lost bytes.
  if (error instanceof InvalidObjectState) return error.message.replace(/\.$/, '');
  // The SDK has no class for it.
  if (error.message.startsWith('Checksum mismatch')) return 'it is not what was written: its checksum is another one';
  const { code } = error as NodeJS.ErrnoException;
  return code?.startsWith('Z_') ? `it is not gzip, or cut off (${error.message})` : undefined;
}
