import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chartOf } from '#tasks/html-report/chart.ts';
import { csvOf, pageOf } from '#tasks/html-report/page.ts';

const page = (rows: readonly Record<string, string | number | null>[], kind: 'bar' | 'table', title = 'T') =>
  pageOf({ title, of: title, charts: { a: { title, kind, rows } } });
const hostile = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('<script>alert(1)</script>', `"' onload='x`, '&lt;'),
);

test('no text of the data or of the author becomes a tag, an attribute or an entity of the page', () => {
  // Of the page without data, and of any data: the same tags.
  const tagsOf = (html: string) => html.replaceAll(/ (x|y|width|viewBox)="[\d. ]+"/g, '').match(/<[^>]*>/g);
  const label = 'a'.repeat(5);
  fc.assert(
    fc.property(hostile, hostile, fc.constantFrom('bar' as const, 'table' as const), (text, title, kind) => {
      fc.pre(Array.from(text).length <= 38);
      expect(tagsOf(page([{ label: text, n: 1 }], kind, title))).toEqual(tagsOf(page([{ label, n: 1 }], kind)));
    }),
  );
});

test('a page loads nothing and runs nothing', () => {
  const html = page([{ label: 'x', n: 1 }], 'bar');
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(html).not.toMatch(/<script|<link|<img|https?:|@import|url\(/);
});

test('bars are as long as their numbers, the longest as long as can be; each series has its colour and name', () => {
  const rows = [
    { hour: 1, free: 50, paid: 100 },
    { hour: 2, free: 0, paid: null },
  ];
  const html = chartOf({ title: '', kind: 'bar', rows });
  expect([...html.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width))).toEqual([
    200, 400, 0, 0,
  ]);
  expect(new Set([...html.matchAll(/fill="(#\w+)"/g)].map(([, color]) => color)).size).toBe(2);
  expect(html).toMatch(/free.*paid/);
});

test('numbers below zero, all zero and none at all are bars of no length', () => {
  for (const n of [-3, 0, null, 'x']) {
    expect(chartOf({ title: '', kind: 'bar', rows: [{ label: 'a', n }] })).toContain('width="0.0"');
  }
});

test('a label that is too long is cut off between characters, and whole in its title', () => {
  const long = '🎸'.repeat(50);
  const html = chartOf({ title: '', kind: 'bar', rows: [{ label: long, n: 1 }] });
  expect(html).toContain(`>${'🎸'.repeat(38)}…<title>${long}</title>`);
});

test('without rows a chart says so, and its CSV is empty', () => {
  expect(page([], 'bar')).toContain('No rows.');
  expect(page([], 'table')).toContain('No rows.');
  expect(csvOf([])).toBe('');
});

test('CSV is read back as it was, whatever the texts hold', () => {
  const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('a,b', 'a "b"', 'a\r\nb', '\n'));
  fc.assert(
    fc.property(fc.array(fc.record({ a: cell, b: cell }, { noNullPrototype: true }), { minLength: 1 }), (rows) => {
      const plain = rows.filter(({ a, b }) => !/^[=+\-@\t\r]/.test(a) && !/^[=+\-@\t\r]/.test(b));
      if (plain.length > 0) expect(parse(csvOf(plain), { columns: true })).toEqual(plain);
    }),
  );
});

test('no text of the CSV is a formula to a spreadsheet, and numbers stay numbers', () => {
  const rows = [{ a: '=HYPERLINK("x")', b: '@x', c: '-12.5', d: -3, e: null, f: 12345678901234567890n }];
  expect(csvOf(rows)).toBe(`a,b,c,d,e,f\r\n"'=HYPERLINK(""x"")",'@x,-12.5,-3,,12345678901234567890\r\n`);
});
