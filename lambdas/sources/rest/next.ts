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
      return (page) => counted(page, pages.parameter, (number) => (number ?? pages.first ?? 1) + 1);
    case 'offset':
      return (page) => counted(page, pages.parameter, (offset) => (offset ?? 0) + page.rows);
  }
}

function counted({ asked, rows }: CamePage, parameter: string, count: (before: number | undefined) => number) {
  if (rows === 0) return undefined;
  const before = new URL(asked).searchParams.get(parameter);
  return withParameter(asked, parameter, String(count(before === null ? undefined : Number(before))));
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
