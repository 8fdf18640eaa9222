import * as z from 'zod';

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
});
export type Extracted = z.output<typeof extracted>;
