import { ApiError } from '../errors.ts';

interface PageRequest {
  maxResults?: number | undefined;
  nextToken?: string | undefined;
  /** From the last item to the first. */
  reverse?: boolean | undefined;
}

const DEFAULT_RESULTS = 100;
const MOST_RESULTS = 1000;

/** One page of `items` (of those that `keep` keeps). The token is a place in the list, so appending does not shift pages. */
export function page<T>(
  items: readonly T[],
  { maxResults, nextToken, reverse = false }: PageRequest,
  keep: (item: T) => boolean = () => true,
): { found: T[]; nextToken?: string } {
  const size = Math.min(maxResults || DEFAULT_RESULTS, MOST_RESULTS);
  const step = reverse ? -1 : 1;
  const start = reverse ? items.length - 1 : 0;
  const found: T[] = [];
  for (let at = nextToken === undefined ? start : placeIn(nextToken); at in items; at += step) {
    const item = items[at] as T;
    if (!keep(item)) continue;
    if (found.length === size) return { found, nextToken: tokenOf(at) };
    found.push(item);
  }
  return { found };
}

const tokenOf = (place: number): string => Buffer.from(`place:${place}`).toString('base64url');

function placeIn(token: string): number {
  const place = /^place:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (place === undefined) throw new ApiError('InvalidToken', `'${token}' is not a token that an earlier page gave.`);
  return Number(place);
}
