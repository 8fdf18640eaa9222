/** What the run before took of a list: its source need not send again what has not changed since. */
import { isDeepStrictEqual } from 'node:util';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { attemptsPrefix, ledgerOf, newestManifest, type PartOfDataset, runsBefore } from '#lib/runs/keys.ts';
import { type Manifest, type RecordFormat, readManifest } from '#lib/runs/manifest.ts';
import { rawRecords } from './raw-records.ts';

/** A page of a list as its source gave it to the run before. */
export interface KnownPage {
  readonly etag: string;
  readonly rows: number;
  /** Where the list went on. */
  readonly next: string | undefined;
  /** Undefined where raw does not give them, or pages after it were asked for before. */
  readonly records: () => Promise<Uint8Array[] | undefined>;
}

type Context = Pick<TaskContext, 'store' | 'run' | 's3' | 'environment' | 'log'>;

/**
 * The pages that the run before had of a list, by URL; undefined where it has none. What cannot be read is not known,
 * and is asked of the source: nothing is lost by it. To be closed.
 *
 * @param format how the list is read now: what the run before read otherwise may have other records now
 */
export async function knownPages(context: Context, part: PartOfDataset, format: RecordFormat | undefined) {
  const earlier = await earlierList(context, part).catch(unread(context));
  if (!earlier || !isReadAs(earlier, format)) return undefined;
  const raw = new RawInOrder(context, earlier);
  const starts = startsOf(earlier);
  const known = new Map<string, KnownPage>();
  for (const [place, { url, etag, rows }] of earlier.pages.entries()) {
    const records = () => raw.take(starts[place] ?? 0, rows).catch(unread(context));
    if (etag !== undefined) known.set(url, { etag, rows, next: earlier.pages[place + 1]?.url, records });
  }
  return { page: (url: string): KnownPage | undefined => known.get(url), close: () => raw.close() };
}

/** Whether the source's records were taken as they would be now. */
export const isReadAs = ({ raw }: Manifest, format: RecordFormat | undefined): boolean =>
  raw.every((part) => isDeepStrictEqual(part.format, format));

async function earlierList({ store, run }: Context, part: PartOfDataset): Promise<Manifest | undefined> {
  const [before] = runsBefore(run, await store.folders(ledgerOf(run.dagId)));
  const newest = before && newestManifest(await store.list(attemptsPrefix('raw', before, part)));
  const found = newest === undefined ? undefined : await readManifest(store, newest);
  // The pages of a list that was skipped are of several runs: they do not follow each other.
  return found?.skipped ? undefined : found;
}

const unread =
  ({ log }: Context) =>
  (error: Error): undefined => {
    log.warn('what the run before took cannot be read: the source is asked for all', error);
  };

/** The number of the first record of each page. */
function startsOf({ pages }: Manifest): number[] {
  let records = 0;
  return pages.map(({ rows }) => {
    records += rows;
    return records - rows;
  });
}

/** Raw is read once, from its beginning on, and only as far as it is asked for. */
class RawInOrder {
  readonly #records: AsyncGenerator<Uint8Array>;
  #read = 0;

  constructor(context: Context, { raw }: Manifest) {
    this.#records = rawRecords(context, raw);
  }

  /** Some records from one on, all of them or none: undefined where that lies behind. */
  async take(start: number, rows: number): Promise<Uint8Array[] | undefined> {
    const taken: Uint8Array[] = [];
    if (start < this.#read) return undefined;
    while (this.#read < start + rows) {
      const { done, value } = await this.#records.next();
      if (done) throw new Error(`Raw ends after ${this.#read} records, its manifest says more.`);
      if (this.#read++ >= start) taken.push(value);
    }
    return taken;
  }
  /** Lets go of the object that is being read. */
  async close(): Promise<void> {
    await this.#records.return(undefined);
  }
}
