import type { Rows } from '#lambdas/warehouse/session.ts';
import type { Value } from '#lib/sql/quoting.ts';

const SHOWN = 20;

/**
 * Rows as a person reads them: numbers to the right, and how many more there are.
 * @param most so many are shown; the first 20, unless it says otherwise
 */
export function table({ columns, rows }: Rows, most = SHOWN): string {
  if (columns.length === 0) return 'Done.';
  const shown = rows.slice(0, most);
  const width = columns.map((name, at) => Math.max(name.length, ...shown.map((row) => text(row[at]).length)));
  const line = (cells: readonly (Value | undefined)[]) =>
    cells
      .map((cell, at) => pad(cell, width[at] ?? 0))
      .join('  ')
      .trimEnd();
  const more = rows.length > most ? [`… ${rows.length - most} more rows (--json gives all)`] : [];
  return [line(columns), line(width.map((n) => '-'.repeat(n))), ...shown.map(line), ...more].join('\n');
}

const text = (value: Value | undefined): string => (value === null || value === undefined ? '' : String(value));
const pad = (value: Value | undefined, width: number) =>
  typeof value === 'number' || typeof value === 'bigint' ? text(value).padStart(width) : text(value).padEnd(width);
