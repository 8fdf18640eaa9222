/** The report's files: a page that stands alone, and the rows of its charts as CSV. */
import type { Row } from '#lambdas/warehouse/session.ts';
import type { Value } from '#lib/sql/quoting.ts';
import { type Chart, chartOf, escaped } from './chart.ts';

const STYLE = `body { font: 15px/1.45 system-ui, sans-serif; color: #1a202c; max-width: 800px; margin: 2rem auto; padding: 0 1rem }
h2 { margin: 2.2rem 0 .4rem; font-size: 1.15rem } svg { width: 100% } svg text { font-size: 11px; fill: #4a5568 }
.label { text-anchor: end } table { border-collapse: collapse; font-size: 13px; display: block; overflow-x: auto }
th, td { text-align: left; vertical-align: top; padding: .25rem .7rem .25rem 0; border-bottom: 1px solid #e2e8f0 }
td { white-space: pre-wrap; overflow-wrap: anywhere } footer { margin-top: 3rem; color: #718096; font-size: 13px }`;

export interface Page {
  readonly title: string;
  /** By the name of their CSV file. */
  readonly charts: Readonly<Record<string, Chart>>;
  /** What it is of: the pipeline and the run. */
  readonly of: string;
}

/** Nothing in it is run or loaded from elsewhere, whatever the data say. */
export function pageOf({ title, charts, of }: Page): string {
  const sections = Object.entries(charts).map(
    ([name, chart]) =>
      `<section><h2>${escaped(chart.title)}</h2>\n${chartOf(chart)}\n<p><a href="${name}.csv">${name}.csv</a></p></section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><h1>${escaped(title)}</h1>
${sections.join('\n')}
<footer>${escaped(of)}</footer></body></html>
`;
}

/** With the names of the columns in the first line (RFC 4180). Where there are no rows, nobody tells the names. */
export function csvOf(rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const lines = [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))];
  return lines.map((fields) => `${fields.map(fieldOf).join(',')}\r\n`).join('');
}

/** A spreadsheet would carry out a text that begins as a formula does: an apostrophe before it says that it is text. */
function fieldOf(value: Value): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const text = /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
