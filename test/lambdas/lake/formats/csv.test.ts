import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csv } from '#lambdas/lake/formats/csv.ts';
import { fieldsOf } from '#lambdas/lake/formats/csv-row.ts';
import { inChunks, splitBy } from '../../../worlds/chunks.ts';

const dialect = fc.record({ delimiter: fc.constantFrom(',', ';', '\t', '|'), quote: fc.constantFrom('"', "'") });
const DIALECT = { delimiter: ',', quote: '"' };

/** Texts that hold what means something in CSV. */
const field = fc.string({
  unit: fc.constantFrom('a', 'é', '\u{1f3b5}', ' ', ',', ';', '\t', '|', '"', "'", '\n', '\r\n', '\ufeff', '0', '\\'),
  maxLength: 8,
});
const table = fc
  .integer({ min: 1, max: 4 })
  .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { maxLength: 6 }));

type Dialect = typeof DIALECT;

/** As a source may write a row: with quotes where they are needed, or around each field. */
function written(row: readonly string[], { delimiter, quote }: Dialect, always: boolean): string {
  const cell = (text: string) =>
    always || text === '' || [delimiter, quote, '\n', '\r', '\ufeff'].some((mark) => text.includes(mark))
      ? quote + text.replaceAll(quote, quote + quote) + quote
      : text;
  return row.map(cell).join(delimiter);
}

const headerOf = (width: number) => Array.from({ length: width }, (_, place) => `column ${place}`);

const file = fc.record({
  rows: table,
  dialect,
  always: fc.boolean(),
  end: fc.constantFrom('\n', '\r\n'),
  isEnded: fc.boolean(),
  mark: fc.constantFrom('', '\ufeff'),
});

test('a record is the bytes that its row has in the file, wherever a chunk ends, and its fields are what was written', async () => {
  await fc.assert(
    fc.asyncProperty(file, inChunks, async ({ rows, always, end, isEnded, mark, ...of }, cut) => {
      const header = headerOf(rows[0]?.length ?? 1);
      const texts = [header, ...rows].map((row) => written(row, of.dialect, always));
      const bytes = Buffer.from(mark + texts.join(end) + (isEnded ? end : ''));
      const records = await splitBy(csv({ header, ...of.dialect }), cut(bytes));
      expect(records.map(String)).toEqual(texts.slice(1));
      expect(records.map((record) => fieldsOf(record.toString(), of.dialect))).toEqual(rows);
    }),
  );
});

test('whatever the bytes are, what csv-parse takes as a row has the same fields', async () => {
  const soup = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', ' '), maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(soup, inChunks, async (text, cut) => {
      let expected: string[][];
      try {
        expected = parse(`h\n${text}`, {
          relax_column_count: true,
          skip_empty_lines: true,
          record_delimiter: ['\n', '\r\n'],
        });
      } catch {
        return;
      }
      const records = await splitBy(csv({ header: ['h'], ...DIALECT }), cut(Buffer.from(`h\n${text}`)));
      expect(records.map((record) => fieldsOf(record.toString(), DIALECT))).toEqual(expected.slice(1));
    }),
    { numRuns: 500 },
  );
});

test('bytes that are no UTF-8 stay as they are', async () => {
  const row = Buffer.from([0x31, 0x2c, 0xff, 0x22, 0xc3]);
  const bytes = Buffer.concat([Buffer.from('id,name\n'), row, Buffer.from('\n2,b\n')]);
  expect(await splitBy(csv({ header: ['id', 'name'], ...DIALECT }), [bytes])).toEqual([row, Buffer.from('2,b')]);
});

describe('a quote where none may stand', () => {
  const split = (text: string) => splitBy(csv({ header: ['id', 'name'], ...DIALECT }), [Buffer.from(text)]);
  test.for<readonly [string, string]>([
    ['2,5" single', 'field 2 has a quote, and none around it: 5" single'],
    ['2,"a"b', 'field 2 goes on after its closing quote: "a"b'],
    ['2,"a" ', 'field 2 goes on after its closing quote: "a" '],
    ['2, "a"', 'field 2 has a quote, and none around it:  "a"'],
  ])('%s: spoils its own row alone', async ([row, reason]) => {
    const records = (await split(`id,name\n1,a\n${row}\n3,c\n`)).map(String);
    expect(records).toEqual(['1,a', row, '3,c']);
    expect(() => fieldsOf(row, DIALECT)).toThrow(reason);
  });

  test('in the header is an error that shows it', async () => {
    await expect(split('id,na"me\n1,a\n')).rejects.toThrow('its first line is no header, field 2 has a quote');
  });
});

test('a quote that never closes is an error, and is not read into memory for good', async () => {
  async function* endless() {
    yield Buffer.from('id\n"');
    for (;;) yield Buffer.alloc(1024 * 1024, 0x61);
  }
  const format = csv({ header: ['id'], ...DIALECT });
  await expect(splitBy(format, endless())).rejects.toThrow('its record 2 is longer than 67108864 bytes');
  await expect(splitBy(format, [Buffer.from('id\n"a\n')])).rejects.toThrow('it ends within quotes');
});
