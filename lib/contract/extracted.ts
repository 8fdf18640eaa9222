import * as z from 'zod';

/** A list that its source does not have, or not now, which fails no run. */
export const absence = z.object({
  /** Of the source's refusal. */
  status: z.int(),
  url: z.string(),
  /** In the source's words. */
  reason: z.string(),
});
export type Absence = z.output<typeof absence>;

/** What every extract gives and every load takes: where the rows lie (an attempt's manifest) and how many there are. */
export const extracted = z.object({
  /** The key of the manifest in the data-lake bucket. */
  manifest: z.string(),
  /** Records that the source gave. */
  rows: z.int(),
  /** Bytes of those records, uncompressed. */
  bytes: z.int(),
  /** Records that did not meet the table's declaration; `rows` counts them too. */
  quarantined: z.int(),
  /** Where the source has not the list: `rows` counts what is kept of it. */
  skipped: absence.optional(),
});
export type Extracted = z.output<typeof extracted>;

/** What an extract into several tables gives: each one's, by its name, and the sums of all. */
export const extractedTables = extracted
  .omit({ manifest: true, skipped: true })
  .extend({ tables: z.record(z.string(), extracted) });

const one = z.union([extracted, extractedTables]);

/** What a load takes: the output of an extract, or those of a mapped one. */
export const extracts = z.union([one, z.array(one)]);

/** Of what a load was given, what is for its table. */
export const extractsOf = (from: z.output<typeof extracts>, table: string): Extracted[] =>
  [from].flat().flatMap((given) => ('manifest' in given ? given : (given.tables[table] ?? [])));
