/** JSON objects of one kind in the bucket: one schema holds them where they are written and where they are read. */
import type * as z from 'zod';
import { Terminal } from '#lib/contract/errors.ts';
import { problems } from '#lib/contract/problems.ts';
import { Damaged } from './errors.ts';
import type { Store } from './store.ts';

interface Document<T> {
  readonly value: T;
  readonly etag: string;
}

/** As the store's `Written`. */
type Written<T> =
  | { readonly written: true; readonly etag: string }
  | { readonly written: false; readonly found: Document<T> | undefined };

export interface Documents<T> {
  /**
   * Undefined where there is none.
   * @throws Damaged
   */
  read(store: Store, key: string): Promise<Document<T> | undefined>;
  /** @throws Terminal where its readers would refuse the value */
  create(store: Store, key: string, value: T): Promise<Written<T>>;
  /**
   * Writes in the place of the version that has the ETag.
   * @throws Terminal where its readers would refuse the value
   */
  replace(store: Store, key: string, by: Document<T>): Promise<Written<T>>;
}

interface Kind<S> {
  /** What one of them is called: `the run record`. */
  readonly name: string;
  readonly schema: S;
  /** What to do where one is damaged. */
  readonly remedy: string;
}

export function documents<S extends z.ZodType<object>>({ name, schema, remedy }: Kind<S>): Documents<z.output<S>> {
  const parse = (store: Store, key: string, { value, etag }: Document<unknown>): Document<z.output<S>> => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return { value: parsed.data, etag };
    const url = store.url(key);
    throw new Damaged(`Reading ${name} ${url}: ${problems(parsed.error)}. ${remedy}`, { cause: parsed.error });
  };
  const check = (key: string, value: z.output<S>): z.output<S> => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new Terminal(`Writing ${name} ${key}: ${problems(parsed.error)}. Nothing was written.`, {
      cause: parsed.error,
    });
  };
  const withRemedy = (error: unknown): never => {
    throw error instanceof Damaged ? new Damaged(`${error.message} ${remedy}`, { cause: error }) : error;
  };
  return {
    read: async (store, key) => {
      const found = await store.read(key).catch(withRemedy);
      return found && parse(store, key, found);
    },
    create: async (store, key, value) => {
      const result = await store.create(key, check(key, value)).catch(withRemedy);
      return result.written ? result : { written: false, found: result.found && parse(store, key, result.found) };
    },
    replace: async (store, key, { value, etag }) => {
      const result = await store.replace(key, check(key, value), etag).catch(withRemedy);
      return result.written ? result : { written: false, found: result.found && parse(store, key, result.found) };
    },
  };
}
