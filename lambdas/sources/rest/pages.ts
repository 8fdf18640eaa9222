/** A list of a REST API, page by page, each with its records as the API sent them. */
import { elementsOf } from '#lambdas/lake/formats/json-array.ts';
import { isWholeObject, valueAt } from '#lambdas/lake/formats/json-value.ts';
import { Terminal, Transient } from '#lib/contract/errors.ts';
import type { Connection } from '#lib/contract/fields.ts';
import { beganAnewIfMoved } from '../authorized.ts';
import { urlOf } from '../http/target.ts';
import type { WholeResponse } from '../http/whole.ts';
import { type Beforehand, followPages, type KnownPage, type SourcePage } from '../pages.ts';
import { excerpt } from '../refusals.ts';
import { isBehind } from './increment.ts';
import { type NextOf, nextBy } from './next.ts';
import type { Pagination, RateLimit } from './objects.ts';
import { Requests, type RestContext } from './server.ts';
import { openTarget } from './target.ts';

/** What is requested, and of whom. */
export interface RestList extends Beforehand {
  /** Of type `http` or `oauth2`. */
  readonly connection: Connection;
  /** Below the connection's baseUrl. */
  readonly path: string;
  /** Of the first request. */
  readonly query?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** How the list goes on after a page, or what finds it out. Without it there is one page. */
  readonly pages?: Pagination | NextOf | undefined;
  /** Where a page has its records, `data.items`; without it, the page is the list of them. */
  readonly records?: string | undefined;
  readonly limits?: readonly RateLimit[] | undefined;
  /** Of a list sorted by a field, the newest first: until when it is read. */
  readonly downTo?: { readonly field: string; readonly start: string } | undefined;
}

/**
 * The pages of a list, in order. A page that is unchanged since the run before (ETag) is not sent again.
 * @throws NotThere where there is no such list or page (404, 410, 422)
 * @throws Terminal where the API refuses, or a page is not as the list says
 * @throws Again where a limit lasts longer than the attempt should wait
 * @throws Transient for failures of the server or of the network that stayed after retries
 */
export const restPages = (context: RestContext, list: RestList): AsyncGenerator<SourcePage> =>
  beganAnewIfMoved(() => pagesOf(context, list));

async function* pagesOf(context: RestContext, list: RestList): AsyncGenerator<SourcePage> {
  const { connection, path, query, pages, from, known } = list;
  const opened = await openTarget(context, connection);
  const first = urlOf(opened.current(), { connection, method: 'GET', path, query }).href;
  const requests = new Requests({ context, connection, opened, limits: list.limits ?? [] });
  const nextOf = typeof pages === 'function' ? pages : nextBy(pages);
  const request = (url: string, before: KnownPage | undefined) => requestPage({ list, requests, nextOf }, url, before);
  const counter = typeof pages === 'object' && 'parameter' in pages && pages.by !== 'cursor' && pages.parameter;
  yield* followPages(context, { connection, first, from, known, request, ...(counter && { counter }) });
}

interface Paging {
  readonly list: RestList;
  readonly requests: Requests;
  readonly nextOf: NextOf;
}

async function requestPage(of: Paging, url: string, known: KnownPage | undefined): Promise<SourcePage> {
  const { list, requests, nextOf } = of;
  // An ETag is of the records: of a page that ended the list it would not tell of one behind it.
  const isAsked = known !== undefined && (known.next !== undefined || list.pages === undefined);
  const response = await requests.get(url, isAsked ? { 'if-none-match': known.etag } : {});
  if (response.status !== 304) return pageOf(of, url, response);
  if (!isAsked) throw new Transient(`GET ${url} was answered with 304, although no ETag was sent.`);
  const records = await known.records();
  if (records === undefined) return requestPage(of, url, undefined);
  const came = { ...response, asked: url, rows: records.length };
  // A response without a body says nothing of a cursor; its page is followed by the one that followed it.
  const next = typeof list.pages === 'object' && list.pages.by !== 'cursor' ? nextOf(came) : undefined;
  return sourcePage(list, { ...response, etag: known.etag, records, next: next ?? known.next });
}

function pageOf({ list, nextOf }: Paging, url: string, response: WholeResponse): SourcePage {
  // What was cut off behind its records would look like the last page.
  if (list.records !== undefined && !isWholeObject(response.bytes))
    throw new Transient(
      `The response of ${url} is no whole JSON object, it ends with ${tailOf(response.bytes)}. ` +
        'What was read so far is not the whole list.',
    );
  const records = recordsOf(list, url, response.bytes);
  const next = nextOf({ ...response, asked: url, rows: records.length });
  return sourcePage(list, { ...response, etag: response.headers.get('etag') ?? undefined, records, next });
}

function recordsOf({ records: path }: RestList, url: string, bytes: Uint8Array): Uint8Array[] {
  const list = path === undefined ? bytes : valueAt(bytes, path.split('.'));
  const text = list && list.length < 8 ? new TextDecoder().decode(list) : '';
  if (path !== undefined && text === 'null') return [];
  if (list !== undefined) return elementsOf(list, `the response of ${url}`);
  throw new Terminal(
    `The response of ${url} has no '${path}': ${excerpt(new TextDecoder().decode(bytes.subarray(0, 500)))}. ` +
      'Name in `records` the field that holds the list.',
  );
}

const tailOf = (bytes: Uint8Array): string => `'${excerpt(new TextDecoder().decode(bytes.subarray(-80)))}'`;

interface Taken {
  readonly url: string;
  readonly status: number;
  readonly etag: string | undefined;
  readonly records: readonly Uint8Array[];
  readonly next: string | undefined;
}

function sourcePage({ downTo }: RestList, { url, status, etag, records, next }: Taken): SourcePage {
  const isLast = downTo && isBehind(downTo.field, downTo.start, records);
  const fetchedAt = new Date().toISOString();
  return {
    ...{ url, status, fetchedAt, records },
    ...(etag !== undefined && { etag }),
    ...(next !== undefined && !isLast && { next }),
  };
}
