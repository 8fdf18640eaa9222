/**
 * What an attempt left in the lake. Written after everything that it names: without it, nothing of the attempt is whole.
 * What counts in a run is decided by its ledger, which names manifests.
 */
import * as z from 'zod';
import { task } from '#lib/contract/envelope.ts';
import { absence } from '#lib/contract/extracted.ts';
import { FOUND_TYPES } from '#lib/contract/table.ts';
import { byName } from './by-name.ts';
import { documents } from './document.ts';
import { Damaged } from './errors.ts';
import type { Store } from './store.ts';

/** An object of gzipped NDJSON. `bytes` is its size, `rawBytes` that of its text. */
const part = z.object({ key: z.string(), rows: z.int(), bytes: z.int(), rawBytes: z.int() });
export type Part = z.output<typeof part>;

/** How the records of a file are read. */
const recordFormat = z.object({
  /** A record is a row of CSV, and these are its fields. Without it, a record is JSON. */
  csv: z.object({ header: z.array(z.string()), delimiter: z.string(), quote: z.string() }).optional(),
  /** What the file was in, where that is not UTF-8: raw has its text as UTF-8. */
  encoding: z.string().optional(),
});
export type RecordFormat = z.output<typeof recordFormat>;

/** Without a format, its records are JSON as UTF-8. */
const rawPart = part.extend({ format: recordFormat.optional() });
export type RawPart = z.output<typeof rawPart>;

/** One answer of the source. 304: unchanged since the run before, of whose raw its records are. */
const page = z.object({
  url: z.string(),
  status: z.int(),
  etag: z.string().optional(),
  fetchedAt: z.string(),
  rows: z.int(),
});
export type Page = z.output<typeof page>;

/** Two counts by name as one. */
export function sumOfCounts(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Record<string, number> {
  const sums = new Map(Object.entries(one));
  for (const [name, count] of Object.entries(other)) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries(sums);
}

export const manifest = z.object({
  dataset: z.string(),
  /** The table whose declaration the rows met. */
  table: z.string(),
  run: z.string(),
  logicalDate: z.string(),
  /** Of the run. Absent of manifests that were written before it was kept. */
  clearing: z.int().optional(),
  task,
  /** The source was asked only for what changed since then, ISO 8601. Absent: for all that it has. */
  since: z.string().optional(),
  /** The source has not the list. What follows is of earlier runs: what is kept of it. */
  skipped: absence.optional(),
  /** In the order of the source. */
  pages: z.array(page),
  /** The records as the source wrote them, one a line (lambdas/lake/raw-line.ts). Of a run that went from raw: where an earlier attempt put them. */
  raw: z.array(rawPart),
  /** What COPY loads, by table: the declared one and each of its child tables. */
  stage: byName(z.object({ parts: z.array(part), rows: z.int() })),
  /** Records that are not staged, each with the reason: `{reason, column?, record, base64?}`. */
  quarantine: z.array(part),
  /** Records: extracted = staged + quarantined. */
  counts: z.object({ extracted: z.int(), staged: z.int(), quarantined: z.int() }),
  /** Fields that no column takes, by flat name: the number of times that they came. */
  unknownFields: byName(z.int()),
  /** Columns that the declaration lacks, of a table that evolves. */
  foundColumns: z.array(z.object({ name: z.string(), type: z.enum(FOUND_TYPES) })).optional(),
  /** Flat names that came more than once in a record, of which the last value was taken. */
  collisions: byName(z.int()),
});
export type Manifest = z.output<typeof manifest>;

const manifests = documents({ name: 'the manifest', schema: manifest, remedy: 'Run the extract again.' });

/** Makes an attempt whole. */
export const writeManifest = async (store: Store, key: string, value: Manifest): Promise<void> =>
  void (await manifests.create(store, key, value));

/** @throws Damaged where there is none, or another thing */
export async function readManifest(store: Store, key: string): Promise<Manifest> {
  const found = await manifests.read(store, key);
  if (found) return found.value;
  throw new Damaged(`Reading the manifest ${store.url(key)}: there is none. Run the extract again.`);
}
