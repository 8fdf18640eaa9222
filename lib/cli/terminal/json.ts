/** JSON for other programs, with every number of the warehouse as it is. */
import type { Value } from '#lib/sql/quoting.ts';

const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** Integers keep all their digits; NaN and the infinities, for which JSON has no number, are texts. */
export const toJson = (value: unknown): string => JSON.stringify(value, (_, one: Value) => exact(one));

function exact(value: Value): unknown {
  if (typeof value === 'bigint') return rawJSON(String(value));
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
