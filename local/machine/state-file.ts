/** One JSON file, replaced as a whole: a reader sees the old content or the new. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What the file holds, or undefined where it does not exist. */
export function readState<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Only its owner may read it. */
export function writeState(file: string, content: unknown): void {
  const next = `${file}.next`;
  writeFileSync(next, JSON.stringify(content, null, 2), { mode: 0o600 });
  renameSync(next, file);
}
