import type { Collection } from './collection.ts';

/** The parameters of an issue list that choose and order. */
export interface Filter {
  readonly state: string;
  /** Only what changed at this time or later. */
  readonly since?: string;
  readonly sort?: string;
  readonly direction?: string;
}

type Fields = Readonly<Record<string, unknown>>;

const SORTS: Readonly<Record<string, (fields: Fields) => string | number>> = {
  created: (fields) => String(fields['created_at']),
  updated: (fields) => String(fields['updated_at']),
  comments: (fields) => Number(fields['comments']),
};

/** Empty where a line of a file is not JSON: such a line is served as it is, whatever was asked for. */
const parse = (text: Buffer): Fields | undefined => {
  try {
    return JSON.parse(text.toString('utf8'));
  } catch {
    return undefined;
  }
};

const fits = (fields: Fields | undefined, { state, since }: Filter): boolean =>
  fields === undefined ||
  ((state === 'all' || fields['state'] === state) &&
    (since === undefined || Date.parse(String(fields['updated_at'])) >= Date.parse(since)));

const all = ({ length }: Collection): number[] => Array.from({ length }, (_, position) => position);

const choose = (collection: Collection, filter: Filter): number[] => {
  const { state, since, sort, direction } = filter;
  if (state === 'all' && (since ?? sort ?? direction) === undefined) return all(collection);
  const found = all(collection).flatMap((position) => {
    const fields = parse(collection.read([position])[0] as Buffer);
    return fits(fields, filter) ? [{ position, fields: fields ?? {} }] : [];
  });
  const keyOf = SORTS[sort ?? 'created'];
  if (keyOf && (sort ?? direction) !== undefined) {
    const sign = direction === 'asc' ? 1 : -1;
    found.sort((a, b) =>
      keyOf(a.fields) < keyOf(b.fields) ? -sign : Number(keyOf(a.fields) > keyOf(b.fields)) * sign,
    );
  }
  return found.map(({ position }) => position);
};

const chosen = new WeakMap<Collection, Map<string, number[]>>();

/** The positions of what an issue list shows, in its order; without a sort, in the collection's own. */
export const select = (collection: Collection, filter: Filter): number[] => {
  const memory = chosen.get(collection) ?? new Map<string, number[]>();
  chosen.set(collection, memory);
  const key = JSON.stringify(filter);
  const positions = memory.get(key) ?? choose(collection, filter);
  memory.set(key, positions);
  return positions;
};
