import { createHash } from 'node:crypto';
import type { Collection } from './collection.ts';
import { failure, type Reply } from './reply.ts';

/** A list that can be cut into pages. */
export interface PagedList {
  readonly collection: Collection;
  readonly positions: readonly number[];
  /** The list's address by id, which is where the links lead: `<base>/repositories/1/issues`. */
  readonly address: string;
}

const PER_PAGE = 30;
const MOST_PER_PAGE = 100;

const sign = (position: number): string => createHash('sha256').update(`cursor ${position}`).digest('hex').slice(0, 16);

/** A cursor shows nothing that a client could count on. */
const cursorAt = (position: number): string =>
  Buffer.from(`cursor:v2:${sign(position)}:${position.toString(36)}`).toString('base64url');

const positionOf = (cursor: string): number | undefined => {
  const position = Number.parseInt(Buffer.from(cursor, 'base64url').toString('utf8').split(':')[3] ?? '', 36);
  return Number.isSafeInteger(position) && cursorAt(position) === cursor ? position : undefined;
};

const perPageOf = (query: URLSearchParams): number => {
  const asked = Number.parseInt(query.get('per_page') ?? '', 10);
  return asked > 0 ? Math.min(asked, MOST_PER_PAGE) : PER_PAGE;
};

const linkTo = (address: string, query: URLSearchParams, position: number): string => {
  const next = new URLSearchParams(query);
  next.delete('page');
  next.set('after', cursorAt(position));
  return `<${address}?${next}>; rel="next"`;
};

const joined = (texts: readonly Buffer[]): Buffer => {
  const comma = Buffer.from(',');
  const parts = texts.flatMap((text, at) => (at === 0 ? [text] : [comma, text]));
  return Buffer.concat([Buffer.from('['), ...parts, Buffer.from(']')]);
};

/** One page of a list, with the link to the next one. A page can be reached by its link only. */
export const pageOf = ({ collection, positions, address }: PagedList, query: URLSearchParams): Reply => {
  if (Number(query.get('page') ?? 1) > 1) {
    return failure(
      422,
      'Pagination with the page parameter is not supported here, please use cursor based pagination.',
    );
  }
  const after = query.get('after');
  const start = after === null ? 0 : positionOf(after);
  if (start === undefined) return failure(422, `The cursor '${after}' is invalid.`);
  const end = start + perPageOf(query);
  const body = joined(collection.read(positions.slice(start, end)));
  return { status: 200, body, headers: end < positions.length ? { link: linkTo(address, query, end) } : {} };
};
