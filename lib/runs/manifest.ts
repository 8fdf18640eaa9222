/**
 * What an attempt left in the lake. Written after everything that it names: without it, nothing of the attempt is whole.
 * What counts in a run is decided by its ledger, which names manifests.
 */
import * as z from 'zod';
import { task } from '#lib/contract/envelope.ts';
import { Terminal } from '#lib/contract/errors.ts';
import { problems } from '#lib/contract/problems.ts';
import { FOUND_TYPES } from '#lib/contract/table.ts';
import type { Store } from './store.ts';

/** An object of gzipped NDJSON. `bytes` is its size, `rawBytes` that of its text. */
const part = z.object({ key: z.string(), rows: z.int(), bytes: z.int(), rawBytes: z.int() });
export type Part = z.output<typeof part>;

/** One answer of the source. 304: unchanged since the run before, of whose raw its records are. */
const page = z.object({
  url: z.string(),
  status: z.int(),
  etag: z.string().optional(),
  fetchedAt: z.string(),
  rows: z.int(),
});
export type Page = z.output<typeof page>;

/**
 * Counts by names that come from records. Any name may be one of them, `constructor` and `__proto__` too, which z.record
 * does not take.
 */
const counts = z.custom<Readonly<Record<string, number>>>(
  (value) => typeof value === 'object' && value !== null && Object.values(value).every(Number.isInteger),
  'expected counts by name',
);

/** Two of such counts as one. */
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
  /** In the order of the source. */
  pages: z.array(page),
  /** The records as the source wrote them, one a line (lambdas/lake/raw-line.ts). Of a run that went from raw: where an earlier attempt put them. */
  raw: z.array(part),
  /** What COPY loads, by table: the declared one and each of its child tables. */
  stage: z.record(z.string(), z.object({ parts: z.array(part), rows: z.int() })),
  /** Records that are not staged, each with the reason: `{reason, column?, record, base64?}`. */
  quarantine: z.array(part),
  /** Records: extracted = staged + quarantined. */
  counts: z.object({ extracted: z.int(), staged: z.int(), quarantined: z.int() }),
  /** Fields that no column takes, by flat name: the number of times that they came. */
  unknownFields: counts,
  /** Columns that the declaration lacks, of a table that evolves. */
  foundColumns: z.array(z.object({ name: z.string(), type: z.enum(FOUND_TYPES) })).optional(),
  /** Flat names that came more than once in a record, of which the last value was taken. */
  collisions: counts,
});
export type Manifest = z.output<typeof manifest>;

/**
 * Writes what a reader will find as it expects it.
 * @throws Terminal where it would not
 */
export async function createManifest(store: Pick<Store, 'create'>, key: string, value: Manifest): Promise<void> {
  const parsed = manifest.safeParse(value);
  if (parsed.success) return void (await store.create(key, parsed.data));
  throw new Terminal(
    `Writing the manifest ${key}: ${problems(parsed.error)}. Nothing counts of this attempt; this is a defect of the lake.`,
  );
}

/** @throws Terminal where there is none, or another thing */
export async function readManifest(store: Store, key: string): Promise<Manifest> {
  const found = await store.read(key);
  if (!found) throw new Terminal(`Reading the manifest ${key}: there is none. Run the extract again.`);
  const parsed = manifest.safeParse(found.value);
  if (parsed.success) return parsed.data;
  throw new Terminal(`Reading the manifest ${key}: ${problems(parsed.error)}. Run the extract again.`);
}
