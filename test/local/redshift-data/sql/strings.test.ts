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
