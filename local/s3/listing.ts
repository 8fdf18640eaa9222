import { compareKeys, firstIndex } from './key-order.ts';

export interface ListOptions {
  readonly prefix: string;
  /** Keys are rolled up to the first delimiter after the prefix; '' is none. */
  readonly delimiter: string;
  /** Only what comes after this key, or after this common prefix; '' is the start. */
  readonly after: string;
  readonly maxKeys: number;
}

/** One page. `next` is what to give as `after` for the page that follows, and absent on the last one. */
export interface Listing {
  readonly keys: readonly string[];
  readonly commonPrefixes: readonly string[];
  readonly next: string | undefined;
}

interface Entry {
  readonly name: string;
  readonly isPrefix: boolean;
}

/** One page of a sorted list of keys, as ListObjectsV2 cuts it: a common prefix counts as one entry. */
export const list = (sorted: readonly string[], options: ListOptions): Listing => {
  const page: Entry[] = [];
  let next: string | undefined;
  for (const entry of entries(sorted, options)) {
    if (page.length === options.maxKeys) {
      next = page.at(-1)?.name;
      break;
    }
    page.push(entry);
  }
  const named = (isPrefix: boolean) => page.filter((entry) => entry.isPrefix === isPrefix).map(({ name }) => name);
  return { keys: named(false), commonPrefixes: named(true), next };
};

function* entries(sorted: readonly string[], { prefix, delimiter, after }: ListOptions): Generator<Entry> {
  let at = firstIndex(sorted, (key) => compareKeys(key, prefix) >= 0 && compareKeys(key, after) > 0);
  for (let key = sorted[at]; key?.startsWith(prefix); key = sorted[at]) {
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const rolled = cut < 0 ? undefined : key.slice(0, cut + delimiter.length);
    at = rolled === undefined ? at + 1 : positionAfter(sorted, rolled);
    if (rolled !== after) yield { name: rolled ?? key, isPrefix: rolled !== undefined };
  }
}

const positionAfter = (sorted: readonly string[], prefix: string): number =>
  firstIndex(sorted, (key) => compareKeys(key, prefix) > 0 && !key.startsWith(prefix));
