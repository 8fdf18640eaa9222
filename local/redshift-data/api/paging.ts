import { DataApiError } from '../errors.ts';

/** One page of a list; its token is the place where the next begins. */
export function page<Item>(
  items: readonly Item[],
  { token, size }: { token: string | undefined; size: number },
): { items: readonly Item[]; next: { NextToken?: string } } {
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isSafeInteger(start) || start < 0 || start > items.length) {
    throw new DataApiError('ValidationException', `NextToken ${token} is not valid`);
  }
  const end = start + size;
  return { items: items.slice(start, end), next: end < items.length ? { NextToken: String(end) } : {} };
}
