import type { Objects } from '#local/stepfunctions/index.ts';
import { START } from './run-machine.ts';

/** An S3 in memory, one bucket `lake`: key → content. */
export function memory(contents: Record<string, string | Uint8Array> = {}) {
  const lake = new Map(Object.entries(contents));
  const inLake = (bucket: string) => {
    if (bucket !== 'lake') throw new Error('The specified bucket does not exist');
  };
  const objects: Objects = {
    async get(bucket, key) {
      inLake(bucket);
      const content = lake.get(key);
      if (content === undefined) throw new Error('The specified key does not exist.');
      return Buffer.from(content);
    },
    async list(bucket, prefix) {
      inLake(bucket);
      const found = [...lake].filter(([key]) => key.startsWith(prefix));
      return found.map(([key, content]) => ({ key, size: content.length, etag: `"${key}"`, modified: START }));
    },
    async put(bucket, key, body) {
      inLake(bucket);
      lake.set(key, body);
    },
  };
  const read = (key: string): unknown => JSON.parse(String(lake.get(key)));
  return { objects, keys: () => [...lake.keys()], read, text: (key: string) => String(lake.get(key)) };
}
