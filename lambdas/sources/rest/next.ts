/** Where a list goes on after a page. */
import { valueAt } from '#lambdas/lake/formats/json-value.ts';
import { Terminal } from '#lib/contract/errors.ts';
import type { WholeResponse } from '../http/whole.ts';
import { nextLink } from '../link.ts';
import { excerpt } from '../refusals.ts';
import type { Pagination } from './objects.ts';

/** A page that came. */
interface CamePage extends Pick<WholeResponse, 'url' | 'headers' | 'bytes'> {
  /** The URL that was requested, before redirects. */
  readonly asked: string;
  readonly rows: number;
}

/** The URL of the next page, or undefined after the last one. */
export type NextOf = (page: CamePage) => string | undefined;

/** @throws Terminal where the page does not say what it should */
export function nextBy(pages: Pagination | undefined): NextOf {
  if (pages === undefined) return () => undefined;
  switch (pages.by) {
    case 'link':
      return ({ url, headers }) => {
        const link = headers.get('link');
        return link === null ? undefined : nextLink(link, url);
      };
    case 'cursor':
      return (page) => byCursor(page, pages);
    case 'page':
      return counting(pages.parameter, (number) => (number ?? pages.first ?? 1) + 1);
    case 'offset':
      return counting(pages.parameter, (offset, rows) => (offset ?? 0) + rows);
  }
}

/** An API that does not know the parameter would send its first page for ever. */
function counting(parameter: string, count: (before: number | undefined, rows: number) => number): NextOf {
  let before: Uint8Array = new Uint8Array();
  return ({ asked, rows, bytes }) => {
    if (rows > 0 && bytes.length > 0 && Buffer.compare(before, bytes) === 0)
      throw new Terminal(
        `The response of ${asked} is the same as that of the page before it, so the list would never end. Name in ` +
          `\`pages\` the parameter by which the API counts: it may not know '${parameter}'.`,
      );
    before = bytes;
    if (rows === 0) return undefined;
    const number = new URL(asked).searchParams.get(parameter);
    return withParameter(asked, parameter, String(count(number === null ? undefined : Number(number), rows)));
  };
}

const decoder = new TextDecoder();

function byCursor(page: CamePage, { at, parameter }: Extract<Pagination, { by: 'cursor' }>): string | undefined {
  const bytes = valueAt(page.bytes, at.split('.'));
  const text = bytes === undefined ? 'null' : decoder.decode(bytes);
  if (/^(?:null|false|"")$/.test(text)) return undefined;
  // A number keeps all of its digits.
  const cursor = /^-?\d+$/.test(text) ? text : text.startsWith('"') ? (JSON.parse(text) as string) : undefined;
  const next = cursor === undefined || parameter !== undefined ? cursor : URL.parse(cursor, page.url)?.href;
  if (next === undefined)
    throw new Terminal(
      `The list does not say where it goes on after ${page.asked}: '${at}' is ${excerpt(text)}, and ` +
        `${parameter === undefined ? 'the URL of the next page' : 'a text or an integer'} is expected. What was read so far is not the whole list.`,
    );
  return parameter === undefined ? next : withParameter(page.asked, parameter, next);
}

function withParameter(url: string, name: string, value: string): string {
  const next = new URL(url);
  next.searchParams.set(name, value);
  return next.href;
}
