/** A list that a source gives page by page: what all such sources have in common. */
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import type { RunSources } from '#lib/contract/envelope.ts';
import { ChangedMeanwhile, NotThere, Terminal } from '#lib/contract/errors.ts';
import type { Connection } from '#lib/contract/fields.ts';
import { Limited, openLimit } from './limit.ts';

/** One response of the source, with its records as it sent them. */
export interface SourcePage {
  /** After redirects. */
  readonly url: string;
  /** 304 of a page that is as it was known. */
  readonly status: number;
  readonly etag?: string;
  readonly fetchedAt: string;
  /** Each with its own bytes. */
  readonly records: readonly Uint8Array[];
  /** Where the list goes on, unless this is its last page. */
  readonly next?: string;
}

/** A page as an earlier run had it. */
export interface KnownPage {
  readonly etag: string;
  readonly rows: number;
  /** Where the list went on. */
  readonly next?: string | undefined;
  /** Undefined where it is not to be had any more. */
  readonly records: () => Promise<readonly Uint8Array[] | undefined>;
}

/** What an extract knows of a list before it is requested. */
export interface Beforehand {
  /** The `next` of a page that another attempt had: the list goes on there, in place of its beginning. */
  readonly from?: string | undefined;
  /** Pages by URL: where the source says that one is unchanged, its records are taken from here. */
  readonly known?: ((url: string) => KnownPage | undefined) | undefined;
}

/** A list of one source. */
export interface PagedList extends Beforehand {
  readonly connection: Connection;
  /** The URL of its first page. All others must have the same origin, since the credential goes with each request. */
  readonly first: string;
  /** The parameter of a page's URL that counts pages or records from the list's beginning. Default `page`. */
  readonly counter?: string;
  /** Requests one page. What it throws is classified: see `refusals.ts`. */
  readonly request: (url: string, known: KnownPage | undefined) => Promise<SourcePage>;
}

/**
 * The pages of a list, in order. A limit that the source names is kept for all attempts of the run.
 * Where the run has a source of its own for the connection, no other page is taken.
 * @throws NotThere where the list was to go on at another origin than it has now
 * @throws Terminal where a page leads on to another origin, or back to a page that was read
 * @throws Again where a limit is not over
 * @throws ChangedMeanwhile where page numbers were followed and page one is another at the end
 */
export async function* followPages(
  context: Pick<TaskContext, 'store' | 'run'>,
  { connection, first, from, known, counter = 'page', request }: PagedList,
): AsyncGenerator<SourcePage> {
  const limit = await openLimit(context, connection);
  const { origin } = new URL(first);
  if (from !== undefined && new URL(from).origin !== origin)
    throw new NotThere(
      `The list was to go on at ${from}, but connection '${connection.connection}' leads to ${origin}.`,
    );
  const read = new Set<string>();
  const pageOne = new PageOne(first, counter);
  try {
    for (let url: string | undefined = from ?? first; url !== undefined; ) {
      read.add(url);
      const page: SourcePage = await request(url, known?.(url));
      checkSource(context.run.sources?.[connection.connection], page.url);
      if (page.next !== undefined) checkNext(page.next, { origin, read });
      pageOne.see(page, url);
      yield page;
      url = page.next;
    }
    await pageOne.check(request);
  } catch (error) {
    if (error instanceof Limited) await limit.keep(error.until);
    throw error;
  }
}

/**
 * Page numbers count records from the list's beginning: where one is deleted there while the list is read, another one
 * moves to a page that was read already, and comes in none. Cursors do not move.
 */
class PageOne {
  readonly #url: string;
  readonly #counter: string;
  #page: SourcePage | undefined;
  #isNumbered = false;

  constructor(url: string, counter: string) {
    this.#url = url;
    this.#counter = counter;
  }

  see(page: SourcePage, url: string): void {
    if (url === this.#url) this.#page = page;
    this.#isNumbered ||= page.next !== undefined && new URL(page.next).searchParams.has(this.#counter);
  }

  /** A page without an ETag cannot be checked, nor one that an earlier attempt read. */
  async check(request: PagedList['request']): Promise<void> {
    const { etag, next } = this.#page ?? {};
    if (!this.#isNumbered || etag === undefined) return;
    const now = await request(this.#url, { etag, rows: 0, next, records: async () => [] });
    // A server that knows no conditional requests sends the page again.
    if (now.status === 304 || now.etag === etag) return;
    throw new ChangedMeanwhile(
      `The list ${this.#url} changed while it was read: its first page is another one than at the beginning, so that ` +
        'records may have moved between pages unseen. Nothing counts of it.',
    );
  }
}

/** Before the page counts: what is in a manifest came from the source that the run was started with. */
function checkSource(source: RunSources[string] | undefined, url: string): void {
  if (source === undefined || new URL(source.baseUrl).origin === new URL(url).origin) return;
  throw new Terminal(
    `The page ${url} is not of this run's source, which is ${source.baseUrl}: it is not taken. ` +
      'The secret of the run was changed; start the run again.',
  );
}

/** What may follow a page. */
interface Course {
  readonly origin: string;
  /** The URLs that were requested. */
  readonly read: ReadonlySet<string>;
}

function checkNext(next: string, { origin, read }: Course): void {
  const to = new URL(next).origin;
  if (to !== origin)
    throw new Terminal(`A list of ${origin} leads on to ${to}. The token is not sent there; nothing was read from it.`);
  if (read.has(next))
    throw new Terminal(`A list of ${origin} leads from its last page back to ${next}: it would never end.`);
}
