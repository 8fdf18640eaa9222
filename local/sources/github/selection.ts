import type { Collection } from './collection.ts';
import type { RepositoryList } from './world.ts';

/** The parameters of a list that choose and order. */
interface Filter {
  readonly state?: string;
  /** Only what changed at this time or later. */
  readonly since?: string;
  readonly until?: string;
  readonly sort?: string;
  readonly direction?: string;
}

/** What each list lets its client say; GitHub ignores what is not for it. */
const PARAMETERS: Readonly<Record<RepositoryList, readonly (keyof Filter)[]>> = {
  issues: ['state', 'since', 'sort', 'direction'],
  pull_requests: ['state', 'sort', 'direction'],
  issue_comments: ['since', 'sort', 'direction'],
  commit_comments: [],
  commits: ['since', 'until'],
};

/** Those of a query, with GitHub's defaults. */
export const filterOf = (list: RepositoryList, query: URLSearchParams): Filter => {
  const given = PARAMETERS[list].flatMap((name) => (query.has(name) ? [[name, query.get(name)]] : []));
  return { ...(PARAMETERS[list].includes('state') && { state: 'open' }), ...Object.fromEntries(given) };
};

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

/** When an object changed; of a commit, when it was committed. */
const changed = (fields: Fields): number => {
  const { commit } = fields as { commit?: { committer?: { date?: string } } };
  return Date.parse(String(fields['updated_at'] ?? commit?.committer?.date));
};

const fits = (fields: Fields | undefined, { state = 'all', since, until }: Filter): boolean =>
  fields === undefined ||
  ((state === 'all' || fields['state'] === state) &&
    (since === undefined || changed(fields) >= Date.parse(since)) &&
    (until === undefined || changed(fields) <= Date.parse(until)));

const all = ({ length }: Collection): number[] => Array.from({ length }, (_, position) => position);

const choose = (collection: Collection, filter: Filter): number[] => {
  const { sort, direction } = filter;
  if (Object.entries(filter).every(([name, value]) => name === 'state' && value === 'all')) return all(collection);
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

/** The positions of what a list shows, in its order; without a sort, in the collection's own. */
export const select = (collection: Collection, filter: Filter): number[] => {
  const memory = chosen.get(collection) ?? new Map<string, number[]>();
  chosen.set(collection, memory);
  const key = JSON.stringify(filter);
  const positions = memory.get(key) ?? choose(collection, filter);
  memory.set(key, positions);
  return positions;
};
