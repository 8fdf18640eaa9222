/** One JSON file, replaced as a whole: a reader sees the old content or the new. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { EmbeddedAwsError } from './errors.ts';

export interface StateFile<T> {
  readonly file: string;
  readonly schema: z.ZodType<T>;
  /** What the file holds, in words: `the secrets`. */
  readonly holds: string;
  /** What to do when it is damaged, and what is lost then; whole sentences. */
  readonly wayOut: string;
}

/**
 * What the file holds, or undefined where it does not exist.
 * @throws EmbeddedAwsError that names a damaged file, with the way out
 */
export function readState<T>({ file, schema, holds, wayOut }: StateFile<T>): T | undefined {
  const text = textOf(file);
  if (text === undefined) return undefined;
  const parsed = parse(text, schema);
  if ('content' in parsed) return parsed.content;
  throw new EmbeddedAwsError(`${file}, which holds ${holds}, is damaged: ${parsed.problem}. ${wayOut}`);
}

/** Like `readState`, for what can be done without: a damaged file is moved aside and told of, and counts as absent. */
export function readOrSetAside<T>(of: StateFile<T>): T | undefined {
  try {
    return readState(of);
  } catch (error) {
    if (!(error instanceof EmbeddedAwsError)) throw error;
    renameSync(of.file, `${of.file}.damaged`);
    console.error(`${error.message} It is now ${of.file}.damaged.`);
    return undefined;
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parse<T>(text: string, schema: z.ZodType<T>): { content: T } | { problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { problem: text === '' ? 'it is empty' : `it is no JSON (${(error as Error).message})` };
  }
  const { data, error } = schema.safeParse(json);
  return error ? { problem: z.prettifyError(error).replaceAll(/\s*\n\s*/g, ' ') } : { content: data as T };
}

/** Replaces the file. @throws EmbeddedAwsError as `replaceFile` does */
export function writeState(file: string, content: unknown): void {
  replaceFile(file, JSON.stringify(content, null, 2));
}

/**
 * Replaces a file, or creates it; only its owner may read it.
 * @throws EmbeddedAwsError that names the file where that cannot be, such as on a full disk: it is as it was then
 */
export function replaceFile(file: string, text: string): void {
  const next = `${file}.next`;
  try {
    writeFileSync(next, text, { mode: 0o600 });
    renameSync(next, file);
  } catch (cause) {
    rmSync(next, { force: true });
    throw new EmbeddedAwsError(`${file} cannot be written, and is as it was: ${(cause as Error).message}`, { cause });
  }
}
