/** Records that do not meet their table's declaration, as attempts write them and as people read them. */
import * as z from 'zod';
import { Damaged } from './errors.ts';
import { attemptOfKey, attemptsPrefix, layerPrefix, newestManifest } from './keys.ts';
import { linesOf } from './lines.ts';
import { readManifest } from './manifest.ts';
import type { Store } from './store.ts';

/** Why a record is in quarantine. Without a column the record as a whole is wrong. */
export const rejection = z.object({ reason: z.string(), column: z.string().optional() });

/** A line of a file in quarantine. */
const quarantined = rejection.extend({
  /** Its text exactly as the source wrote it; of one that is no UTF-8, with U+FFFD for what is none. */
  record: z.string(),
  /** The bytes of one that is no UTF-8. */
  base64: z.string().optional(),
});
type Quarantined = z.output<typeof quarantined>;

export const quarantineLine = (entry: Quarantined): string => JSON.stringify(quarantined.parse(entry));

export interface QuarantinedRow extends Quarantined {
  readonly pipeline: string;
  readonly logicalDate: string;
  readonly dataset: string;
  /** What of the dataset gave it: a repository, or a task. */
  readonly of: string;
}

interface Wanted {
  readonly pipeline: string;
  /** Of one run; without it, of every run. */
  readonly runId?: string | undefined;
}

interface InQuarantine {
  readonly rows: readonly QuarantinedRow[];
  /** What of it cannot be read. */
  readonly damaged: readonly Damaged[];
}

/**
 * What is in quarantine now: of each list that a run read, the rows that its newest whole attempt put there. What earlier
 * attempts put there has been taken again since.
 */
export async function readQuarantine(store: Store, { pipeline, runId }: Wanted): Promise<InQuarantine> {
  const keys = await store.list(layerPrefix('quarantine', pipeline));
  const attempts = keys.flatMap((key) => attemptOfKey(key) ?? []);
  const wanted = attempts.filter((attempt) => runId === undefined || attempt.runId === runId);
  const lists = new Map(wanted.map((attempt) => [attemptsPrefix('raw', attempt, attempt), attempt]));
  const found = [...lists].map(async ([prefix, { logicalDate, dataset, of }]) =>
    newestRows(store, prefix).then(
      (rows) => rows.map((row) => ({ pipeline, logicalDate, dataset, of, ...row })),
      unlessDamaged,
    ),
  );
  const all = await Promise.all(found);
  return {
    rows: all.flatMap((one) => (one instanceof Damaged ? [] : one)),
    damaged: all.filter((one) => one instanceof Damaged),
  };
}

function unlessDamaged(error: unknown): Damaged {
  if (error instanceof Damaged) return error;
  throw error;
}

async function newestRows(store: Store, attempts: string): Promise<Quarantined[]> {
  const newest = newestManifest(await store.list(attempts));
  if (newest === undefined) return [];
  const rows: Quarantined[] = [];
  for (const { key } of (await readManifest(store, newest)).quarantine) {
    for await (const line of linesOf(store.unzipped(key))) rows.push(read(line, store.url(key)));
  }
  return rows;
}

function read(line: string, url: string): Quarantined {
  try {
    return quarantined.parse(JSON.parse(line));
  } catch (cause) {
    throw new Damaged(
      `Reading the quarantine ${url}: a line is no {reason, column?, record}: ${line.slice(0, 80)}. ` +
        'Replay that date: its rows are taken again from raw.',
      { cause },
    );
  }
}
