import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestWarehouse } from '../../../worlds/local/warehouse.ts';

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await TestWarehouse.open();
});
afterAll(() => warehouse[Symbol.asyncDispose]());

describe('A bound value', () => {
  test('comes back as it went in, whatever it holds', async () => {
    const value = fc.oneof(
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.constantFrom(
        "'",
        "''",
        '\\',
        "\\'",
        '%',
        '__text_0__',
        "'__text_1__'",
        '$$',
        ':x',
        '--',
        '/*',
        ';',
        '{{x}}',
        '\n',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        value.filter((text) => !text.includes('\0')),
        async (text) => {
          expect(
            await warehouse.rows('SELECT :x, len(:x) FROM (SELECT :x AS y) z WHERE y = :x', {
              parameters: { x: text },
            }),
          ).toEqual([[text, [...text].length]]);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('takes the type of the column it is compared with or put into', async () => {
    await warehouse.ok('CREATE TABLE typed (id int8, at timestamptz, ok boolean)');
    const parameters = { id: '9007199254740993', at: '2026-11-19T00:00:00Z', ok: 'true' };
    await warehouse.ok('INSERT INTO typed VALUES (:id, :at, :ok)', { parameters });
    expect(
      await warehouse.rows('SELECT * FROM typed WHERE id = :id AND at = :at AND ok = :ok', { parameters }),
    ).toEqual([[9007199254740993n, '2026-11-19 00:00:00+00', true]]);
  });

  test.each([
    'SELECT * FROM :x',
    'DROP TABLE :x',
    'CREATE TABLE :x (a int)',
    "COPY t FROM :x IAM_ROLE default FORMAT JSON 'auto'",
  ])('is no name: %s fails', async (sql) => {
    expect(await warehouse.error(sql, { parameters: { x: 'typed' } })).toContain('syntax error');
  });
});

describe('A statement that differs from one before in its strings alone', () => {
  test('has its own strings, in values and in patterns', async () => {
    const words = fc.constantFrom('a', 'ab', 'a%', 'a_', "it''s", 'a\\\\b', '__text_0__', '__text_1__');
    await fc.assert(
      fc.asyncProperty(words, words, async (one, other) => {
        const [row] = await warehouse.rows(
          `SELECT '${one}', '${other}' AS b, 'ab' LIKE '${one}%', CASE WHEN b = '${one}' THEN 'same' ELSE '${other}' END`,
        );
        const [text, second] = [one, other].map((word) => word.replace("''", "'").replace('\\\\', '\\'));
        // A backslash escapes the letter behind it, which is that letter.
        const isLike = ['a', 'ab', 'a%', 'a_', 'a\\\\b'].includes(one);
        expect(row).toEqual([text, second, isLike, text === second ? 'same' : second]);
      }),
      { numRuns: 40 },
    );
  });

  test('is refused for a string that is no integer, whatever came before', async () => {
    const cast = (text: string) => `SELECT CASE WHEN false THEN CAST('${text}' AS int) ELSE CAST('7' AS int) END`;
    expect(await warehouse.rows(cast('12'))).toEqual([[7]]);
    expect(await warehouse.error(cast('twelve'))).toMatch(/invalid input syntax for integer.*twelve/i);
    expect(await warehouse.rows(cast('13'))).toEqual([[7]]);
  });
});
