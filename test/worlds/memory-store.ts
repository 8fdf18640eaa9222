/** The state of runs in memory: for tests of very many runs. */
import type { Store } from '#lib/runs/store.ts';

export function memoryStore(): Store {
  const objects = new Map<string, string>();
  let writes = 0;
  const stored = (key: string) => {
    const text = objects.get(key);
    if (text === undefined) return undefined;
    const { etag, value } = JSON.parse(text);
    return { etag, value };
  };
  const put = (key: string, value: object) => {
    const etag = String(++writes);
    objects.set(key, JSON.stringify({ etag, value }));
    return { written: true as const, etag };
  };
  const under = (prefix: string) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  return {
    create: async (key, value) => (objects.has(key) ? { written: false, found: stored(key) } : put(key, value)),
    replace: async (key, value, etag) =>
      stored(key)?.etag === etag ? put(key, value) : { written: false, found: stored(key) },
    read: async (key) => stored(key),
    list: async (prefix) => under(prefix),
    objects: async function* (prefix, after) {
      for (const key of under(prefix).filter((one) => one > after)) yield { key, etag: stored(key)?.etag ?? '' };
    },
    folders: async (prefix) => [
      ...new Set(
        under(prefix)
          .map((key) => key.slice(prefix.length))
          .filter((rest) => rest.includes('/'))
          .map((rest) => `${prefix}${rest.split('/')[0]}/`),
      ),
    ],
    unzipped: (key) => {
      throw new Error(`${key} is not gzipped: this store holds JSON alone.`);
    },
    url: (key) => `memory://${key}`,
  };
}
