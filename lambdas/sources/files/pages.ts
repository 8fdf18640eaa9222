/** Files as pages of records, each small enough to be held, so that an attempt goes on after the last whole one. */
import type { Format } from '#lambdas/lake/formats/format.ts';
import { NotThere, Terminal } from '#lib/contract/errors.ts';
import type { SourcePage } from '../pages.ts';
import { type Seen, textOfFile } from './content.ts';
import type { OpenedFile, SourceFile } from './file.ts';

export interface FileFormat {
  readonly split: Format;
  /** Of the last record of a file that does not end in a line's end: false where it was cut off. */
  readonly isWhole: (record: Uint8Array) => boolean;
  readonly encoding: string;
}

/** A page as the run before had it. */
interface KnownPage {
  readonly etag: string;
  readonly next: string | undefined;
  readonly records: () => Promise<readonly Uint8Array[] | undefined>;
}

export interface Beforehand {
  readonly from?: string | undefined;
  readonly known?: ((url: string) => KnownPage | undefined) | undefined;
}

const PAGE_BYTES = 4 * 1024 * 1024;
const NOT_MODIFIED = 304;

/**
 * The records of files, one after the other. A file that has not changed since the run before is not sent again. The
 * list goes on by row: what lies before it in its file is read once more, and passed over.
 * @throws NotThere where the list was to go on in a file that is another one now
 */
export async function* pagesOfFiles(
  files: readonly SourceFile[],
  format: FileFormat,
  { from, known }: Beforehand,
): AsyncGenerator<SourcePage> {
  const at = from === undefined ? undefined : placeOf(from);
  const left = at === undefined ? files : files.slice(indexOf(files, at.url));
  for (const [nth, file] of left.entries()) {
    const here = nth === 0 ? at : undefined;
    const following = left[nth + 1];
    const rest = following && nextOf(following.url, { row: 0 });
    const before = here ? undefined : known?.(file.url);
    const opened = await file.open(before?.etag);
    if (opened) yield* readPages(file, opened, { format, at: here, rest });
    else if (known) yield* unchangedPages(file, known, rest);
  }
}

function indexOf(files: readonly SourceFile[], url: string): number {
  const index = files.findIndex((file) => file.url === url);
  if (index === -1) throw new NotThere(`The files were to go on in ${url}, which is none of them.`);
  return index;
}

interface Place {
  readonly row: number;
  readonly version?: string | undefined;
}
/** A place in a file as a URL: what pages after its first one are called. */
const nextOf = (url: string, place: Place): string => `${url}#${encodeURIComponent(JSON.stringify(place))}`;

function placeOf(next: string): Place & { url: string } {
  const hash = next.lastIndexOf('#');
  return { url: next.slice(0, hash), ...JSON.parse(decodeURIComponent(next.slice(hash + 1))) };
}

/** The pages as the run before had them. */
async function* unchangedPages(
  file: SourceFile,
  known: NonNullable<Beforehand['known']>,
  rest: string | undefined,
): AsyncGenerator<SourcePage> {
  for (let url: string | undefined = file.url; url !== undefined; ) {
    const page: KnownPage | undefined = known(url);
    const records = await page?.records();
    if (!page || !records)
      throw new NotThere(`${file.url} has not changed, but the run before left nothing of ${url}.`);
    const further: string | undefined = page.next?.startsWith(`${file.url}#`) ? page.next : undefined;
    const next = further ?? rest;
    const fetchedAt = new Date().toISOString();
    yield { url, status: NOT_MODIFIED, etag: page.etag, fetchedAt, records, ...(next !== undefined && { next }) };
    url = further;
  }
}

interface Reading {
  readonly format: FileFormat;
  /** Where to begin; absent, at the first row. */
  readonly at: Place | undefined;
  /** Where the list goes on after the file. */
  readonly rest: string | undefined;
}

async function* readPages(
  file: SourceFile,
  opened: OpenedFile,
  { format, at = { row: 0 }, rest }: Reading,
): AsyncGenerator<SourcePage> {
  const { version, status } = opened;
  if (at.row > 0 && at.version !== version)
    throw new NotThere(`${file.url} is another file than it was at row ${at.row}.`);
  const fetchedAt = new Date().toISOString();
  const page = (url: string, records: readonly Uint8Array[], next: string | undefined): SourcePage => ({
    ...{ url, status, fetchedAt, records },
    ...(version !== undefined && { etag: version }),
    ...(next !== undefined && { next }),
  });
  let url = at.row === 0 ? file.url : nextOf(file.url, { row: at.row, version });
  let records: Uint8Array[] = [];
  let [row, bytes] = [0, 0];
  for await (const record of recordsOf(file, opened, format)) {
    if (row++ < at.row) continue;
    if (bytes >= PAGE_BYTES) {
      const next = nextOf(file.url, { row: row - 1, version });
      yield page(url, records, next);
      [url, records, bytes] = [next, [], 0];
    }
    records.push(record);
    bytes += record.length;
  }
  yield page(url, records, rest);
}

async function* recordsOf({ url }: SourceFile, { chunks }: OpenedFile, format: FileFormat): AsyncGenerator<Uint8Array> {
  const seen: Seen = { endsInLine: false };
  let last: Uint8Array | undefined;
  for await (const record of format.split(textOfFile(chunks, { source: url, encoding: format.encoding, seen }), url)) {
    if (last) yield last;
    last = record;
  }
  if (!last) return;
  if (!seen.endsInLine && !format.isWhole(last)) {
    throw new Terminal(
      `Reading ${url}: its last line is no whole record, so it was cut off midway. Nothing was loaded.`,
    );
  }
  yield last;
}
