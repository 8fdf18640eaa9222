import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowsOf } from '#local/stepfunctions/map-run/csv.ts';

const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;

test.each([',', '|', ';', ' ', '\t'])('quoted fields separated by %j come back as they were', (delimiter) => {
  const rows = fc.array(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 4 }));
  fc.assert(
    fc.property(rows, fc.constantFrom('\n', '\r\n', '\r'), (written, newline) => {
      const text = written.map((row) => row.map(quoted).join(delimiter)).join(newline);
      expect(rowsOf(text, delimiter)).toEqual(written);
    }),
  );
});

test.each([
  [
    'a,b\nc,d\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'a,b\n\nc,\n',
    [
      ['a', 'b'],
      ['c', ''],
    ],
  ],
  ['a,', [['a', '']]],
  [',,', [['', '', '']]],
  ['   \n', [['   ']]],
  ['a,"b ""c""\n,d"', [['a', 'b "c"\n,d']]],
  ['', []],
])('the rows of %j', (text, rows) => {
  expect(rowsOf(text, ',')).toEqual(rows);
});

test.each(['a,"b', 'a,"b"c'])('a quote that does not end its field is told with its place: %s', (text) => {
  expect(() => rowsOf(text, ',')).toThrow('The CSV field at character 2 has a quote that does not end it.');
});
