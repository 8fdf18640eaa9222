import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Lines, LONGEST_LINE } from '#tasks/bash/lines.ts';

function told(pieces: readonly string[]) {
  const lines: string[] = [];
  const cut = new Lines((line) => lines.push(line));
  for (const piece of pieces) cut.push(piece);
  cut.end();
  return { lines, last: cut.last };
}

test('however a text comes in pieces, its lines are told whole and in order, and the last one is known', () => {
  const line = fc.stringMatching(/^[a-z]{0,8}$/);
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), fc.array(fc.nat(40)), fc.boolean(), (lines, cuts, newline) => {
      const text = lines.join('\n') + (newline ? '\n' : '');
      const places = [0, ...cuts.filter((at) => at < text.length).sort((a, b) => a - b), text.length];
      const pieces = places.slice(1).map((at, index) => text.slice(places[index], at));
      // What ends in a newline has no further line, be it empty.
      const expected = newline || lines.at(-1) !== '' ? lines : lines.slice(0, -1);
      expect(told(pieces)).toEqual({ lines: expected, last: { text: expected.at(-1) ?? '', isCut: false } });
    }),
  );
});

test('a line that is too long is told in parts, and is known to be cut', () => {
  const long = 'x'.repeat(2 * LONGEST_LINE + 5);
  const { lines, last } = told([long.slice(0, 100), long.slice(100)]);
  expect(lines.map(({ length }) => length)).toEqual([LONGEST_LINE, LONGEST_LINE, 5]);
  expect(last).toEqual({ text: 'xxxxx', isCut: true });
  expect(told([`${long}\nshort\n`]).last).toEqual({ text: 'short', isCut: false });
});
