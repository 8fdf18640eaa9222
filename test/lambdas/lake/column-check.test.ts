import { expect, test } from 'vitest';
import { checkOf } from '#lambdas/lake/column-check.ts';
import { type Json, parseExact } from '#lambdas/lake/exact.ts';
import type { ColumnType } from '#lib/contract/table.ts';

const check = (type: ColumnType, value: Json) => checkOf({ name: 'c', type })(value);

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

const FITS: [ColumnType, string[]][] = [
  ['int4', ['0', '-2147483648', '2147483647']],
  ['int8', ['9223372036854775807', '-9223372036854775808', '9007199254740993']],
  ['float8', ['1', '1.0', '-0', '1e308', '5e-324', '0.0', '0e-999', '12345678901234567890']],
  ['boolean', ['true', 'false']],
  ['varchar(3)', ['""', '"abc"', '"€"']],
  ['date', ['"2016-02-29"', '"0001-01-01"']],
  ['timestamp', ['"2015-01-01T12:00:02Z"', '"2015-01-01 12:00:02.123456"']],
  ['timestamptz', ['"2015-01-01T12:00:02+05:30"', '"2015-12-31T23:59:59-0800"']],
  ['super', ['{"a":[1]}', '1', '"x"', nested(1000), JSON.stringify(['x'.repeat(65_535), 'x'.repeat(65_535)])]],
];
test.each(FITS)('%s takes what fits', (type, values) => {
  for (const value of values) expect([value, check(type, parseExact(value))]).toEqual([value, undefined]);
});

const REFUSED: [ColumnType, string[]][] = [
  ['int4', ['2147483648', '-2147483649', '1.0', '1.5', '1e2', '"1"', 'true', '[]']],
  ['int8', ['9223372036854775808', '1.0', '"1"']],
  ['float8', ['1e309', '1e-400', '-0.1e-999', '"1.0"', 'true']],
  ['super', ['1e309', '{"a":[1e200000]}', '[1e-400]']],
  ['boolean', ['1', '"true"']],
  ['varchar(3)', ['"abcd"', '"é€"', '1', 'true', '"a\\u0000"', '"\\ud800"']],
  ['date', ['"2015-02-29"', '"2015-13-01"', '"0000-01-01"', '"2015-01-01T00:00:00Z"', '20150101']],
  ['timestamp', ['"2015-01-01"', '"2015-01-01T24:00:00Z"', '"2015-04-31T00:00:00Z"', '"yesterday"', '1420113602']],
];
test.each(REFUSED)('%s refuses what does not fit, with a reason', (type, values) => {
  for (const value of values) expect([value, check(type, parseExact(value))]).toEqual([value, expect.any(String)]);
});

test('the length of a varchar is in bytes of UTF-8, and the reason says how many there are', () => {
  expect(check('varchar(65535)', 'é'.repeat(32768))).toBe('65536 bytes of UTF-8, the column holds 65535');
  expect(check('varchar(65535)', 'é'.repeat(32767))).toBeUndefined();
});
