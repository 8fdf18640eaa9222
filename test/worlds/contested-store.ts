import type { Store } from '#lib/runs/store.ts';

/** Conditional writes in memory; the first `conflicts` of them find that somebody was faster. */
export function memory(conflicts = 0) {
  const objects = new Map<string, { value: Record<string, unknown>; etag: string }>();
  let [etags, lost] = [0, conflicts];
  const write = (key: string, value: object, etag?: string) => {
    const found = objects.get(key);
    if (found?.etag !== etag || lost-- > 0) return { written: false as const, found };
    const stored = { value: { ...value }, etag: String(etags++) };
    objects.set(key, stored);
    return { written: true as const, etag: stored.etag };
  };
  const store: Pick<Store, 'create' | 'replace' | 'read' | 'url'> = {
    create: async (key, value) => write(key, value),
    replace: async (key, value, etag) => write(key, value, etag),
    read: async (key) => objects.get(key),
    url: (key) => key,
  };
  return { store: store as Store, objects };
}
