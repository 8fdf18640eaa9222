/** Rows of a query as a chart: HTML, in which every text of the data is escaped. */
import type * as z from 'zod';
import type { Row } from '#lambdas/warehouse/session.ts';
import type { Value } from '#lib/sql/quoting.ts';
import type { chartKind } from './task.ts';

export interface Chart {
  readonly title: string;
  readonly kind: z.output<typeof chartKind>;
  readonly rows: readonly Row[];
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);

export function chartOf({ kind, rows }: Chart): string {
  if (rows.length === 0) return '<p>No rows.</p>';
  return kind === 'bar' ? bars(rows) : tableOf(rows);
}

const shown = (value: Value): string => escaped(value === null ? '' : String(value));

function tableOf(rows: readonly Row[]): string {
  const head = Object.keys(rows[0] ?? {}).map((name) => `<th>${escaped(name)}</th>`);
  const body = rows.map(
    (row) =>
      `<tr>${Object.values(row)
        .map((value) => `<td>${shown(value)}</td>`)
        .join('')}</tr>`,
  );
  return `<table><thead><tr>${head.join('')}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`;
}

const BAR = 14;
const GAP = 8;
const LABELS = 260;
const LONGEST_BAR = 400;
const WIDTH = 760;
const COLORS = ['#2b6cb0', '#dd6b20', '#2f855a', '#805ad5'];
const LONGEST_LABEL = 38;

/** Lying bars, so that long labels have their room. Those of one row stand together, each series in its colour. */
function bars(rows: readonly Row[]): string {
  const [label = '', ...series] = Object.keys(rows[0] ?? {});
  const numberOf = (row: Row, name: string) => Number(row[name] ?? 0) || 0;
  const most = Math.max(...rows.flatMap((row) => series.map((name) => numberOf(row, name))), 0) || 1;
  const step = series.length * BAR + GAP;
  const bar = (row: Row, n: number) => (name: string, nth: number) => {
    const y = n * step + nth * BAR;
    const width = (Math.max(0, numberOf(row, name)) / most) * LONGEST_BAR;
    return (
      `<rect x="${LABELS}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 2}" fill="${colorOf(nth)}"/>` +
      `<text x="${(LABELS + width + 5).toFixed(1)}" y="${y + BAR - 4}">${shown(row[name] ?? null)}</text>`
    );
  };
  const group = (row: Row, n: number) =>
    `<text class="label" x="${LABELS - 6}" y="${n * step + (step - GAP) / 2 + 3}">${labelOf(row[label] ?? null)}</text>` +
    series.map(bar(row, n)).join('');
  const svg = `<svg role="img" viewBox="0 0 ${WIDTH} ${rows.length * step}">\n${rows.map(group).join('\n')}\n</svg>`;
  return `<p>${series.map((name, n) => `<b style="color:${colorOf(n)}">■</b> ${escaped(name)}`).join(' ')}</p>${svg}`;
}

const colorOf = (nth: number): string => COLORS[nth % COLORS.length] ?? '';

/** A label that is too long is cut off, between characters, and whole where the mouse points at it. */
function labelOf(value: Value): string {
  const characters = Array.from(value === null ? '(none)' : String(value));
  if (characters.length <= LONGEST_LABEL) return escaped(characters.join(''));
  return `${escaped(characters.slice(0, LONGEST_LABEL).join(''))}…<title>${escaped(characters.join(''))}</title>`;
}
