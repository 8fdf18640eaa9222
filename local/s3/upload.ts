import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** Writes arriving bytes to a file, which is gone again if they do not arrive whole. */
export const writeWhole = async (chunks: AsyncIterable<Buffer>, path: string): Promise<void> => {
  try {
    await pipeline(chunks, createWriteStream(path));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
};

/** Does something with a finished file, which is gone again if that fails. */
export const orRemove = async <T>(path: string, use: () => T): Promise<T> => {
  try {
    return use();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
};
