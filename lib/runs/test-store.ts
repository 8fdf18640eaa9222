/** The store of a task that is tested alone: nothing of it stays in the ledger. */
import { LEDGERS_PREFIX } from './keys.ts';
import type { Store } from './store.ts';

/** Reads what there is; what is written into the ledger is there for whoever has this store, and for nobody else. */
export function testStore(store: Store): Store {
  let writes = 0;
  const written = new Map<string, { readonly value: Record<string, unknown>; readonly etag: string }>();
  const keep = (key: string, value: object) => {
    const etag = `"${++writes}"`;
    written.set(key, { value: { ...value }, etag });
    return { written: true as const, etag };
  };
  const isOfLedger = (key: string) => key.startsWith(LEDGERS_PREFIX);
  const read = async (key: string) => written.get(key) ?? (await store.read(key));
  return {
    ...store,
    read,
    create: async (key, value) => {
      if (!isOfLedger(key)) return store.create(key, value);
      const found = await read(key);
      return found ? { written: false, found } : keep(key, value);
    },
    replace: async (key, value, etag) => {
      if (!isOfLedger(key)) return store.replace(key, value, etag);
      const found = await read(key);
      return found?.etag === etag ? keep(key, value) : { written: false, found };
    },
  };
}
