import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';

/** A list of objects as texts, read where they are needed. */
export interface Collection {
  readonly length: number;
  /** The bytes of the objects at some positions. */
  read(positions: readonly number[]): Buffer[];
}

export const collectionOf = (objects: readonly unknown[]): Collection => {
  const texts = objects.map((object) => Buffer.from(JSON.stringify(object)));
  return { length: texts.length, read: (positions) => positions.map((position) => texts[position] as Buffer) };
};

const BLOCK = 4 * 1024 * 1024;
const NEWLINE = 10;

/** The start and end of each line of a file that is not empty. */
const linesOf = (path: string): [start: number, end: number][] => {
  const file = openSync(path, 'r');
  const block = Buffer.allocUnsafe(BLOCK);
  const lines: [number, number][] = [];
  let start = 0;
  let offset = 0;
  const end = (at: number) => {
    if (at > start) lines.push([start, at]);
    start = at + 1;
  };
  for (let size = readSync(file, block); size > 0; size = readSync(file, block)) {
    const filled = block.subarray(0, size);
    for (let at = filled.indexOf(NEWLINE); at >= 0; at = filled.indexOf(NEWLINE, at + 1)) end(offset + at);
    offset += size;
  }
  end(offset);
  closeSync(file);
  return lines;
};

/** The lines of a file, byte for byte; of a file of any size, since only their places are held. */
const collectionOfFile = (path: string): Collection => {
  if (!existsSync(path)) return collectionOf([]);
  const lines = linesOf(path);
  const read = (positions: readonly number[]): Buffer[] => {
    const file = openSync(path, 'r');
    const texts = positions.map((position) => {
      const [start, end] = lines[position] as [number, number];
      const text = Buffer.alloc(end - start);
      readSync(file, text, 0, text.length, start);
      return text;
    });
    closeSync(file);
    return texts;
  };
  return { length: lines.length, read };
};

/** A file's collection, taken anew when the file has changed. @throws {Error} naming a file that cannot be read */
export const followedFile = (path: string): (() => Collection) => {
  let known = '';
  let collection: Collection = collectionOf([]);
  return () => {
    try {
      const stat = statSync(path, { throwIfNoEntry: false });
      const now = stat ? `${stat.mtimeMs} ${stat.size}` : '';
      if (now !== known) {
        collection = collectionOfFile(path);
        // Last: what could not be read is not known.
        known = now;
      }
      return collection;
    } catch (cause) {
      throw new Error(`Reading ${path}: ${(cause as Error).message}`, { cause });
    }
  };
};
