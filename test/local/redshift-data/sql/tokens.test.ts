import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tokenize } from '#local/redshift-data/sql/tokens.ts';

const values = (sql: string) => tokenize(sql).map(({ kind, value }) => `${kind} ${value}`);

describe('The tokens of Redshift SQL', () => {
  test('fold names to lower case, quoted ones too', () => {
    expect(values('SELECT "Login" FROM Github_Data."Issues"')).toEqual([
      'word select',
      'quoted login',
      'word from',
      'word github_data',
      'symbol .',
      'quoted issues',
    ]);
  });

  test('leave comments out, nested ones too', () => {
    expect(values('a -- b :c\n/* d /* :e */ */ f')).toEqual(['word a', 'word f']);
  });

  test('tell a cast from a parameter', () => {
    expect(values("a::int, :b, ':c'")).toEqual([
      'word a',
      'symbol ::',
      'word int',
      'symbol ,',
      'parameter b',
      'symbol ,',
      'text :c',
    ]);
  });

  test('resolve doubled quotes and backslashes in strings', () => {
    expect(
      values(String.raw`'it''s', 'a\'b', 'a\\b', 'a\nb', '\101'`).filter((token) => token.startsWith('text')),
    ).toEqual(["text it's", "text a'b", 'text a\\b', 'text a\nb', 'text A']);
  });

  test.each([
    ["'abc", 'unterminated quoted string'],
    ['/* abc', 'unterminated /* comment'],
    ['a ? b', 'syntax error at or near "?"'],
    ["E'a'", "does not do e'…' strings"],
    ["'a' 'b'", 'does not do adjacent strings'],
    [`"${'n'.repeat(128)}"`, 'longer than 127 bytes'],
  ])('refuse %s', (sql, error) => {
    expect(() => tokenize(sql)).toThrow(error);
  });

  test('give back any string that was written with doubled quotes and backslashes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const written = `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
        expect(tokenize(written)).toEqual([{ kind: 'text', value: text, position: 0 }]);
      }),
    );
  });
});
