import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanOf, repairEncoding } from '#lambdas/lake/cleaners.ts';
import { type Json, parseExact } from '#lambdas/lake/exact.ts';
import type { Column } from '#lib/contract/table.ts';

const cleaned = (value: Json, ...clean: NonNullable<Column['clean']>): unknown =>
  JSON.parse(JSON.stringify(cleanOf({ name: 'c', type: 'super', clean })?.(value)));

test('a column that declares no cleaner has none', () => {
  expect(cleanOf({ name: 'c', type: 'int4' })).toBeUndefined();
});

test('an empty text and a zero become null where the column says so, and nothing else does', () => {
  expect(['', ' ', 0, false, null].map((value) => cleaned(value, 'empty-to-null'))).toEqual([
    null,
    ' ',
    0,
    false,
    null,
  ]);
  expect([0, '0', '', 1969].map((value) => cleaned(value, 'zero-to-null'))).toEqual([null, '0', '', 1969]);
  expect(cleaned(parseExact('0.0'), 'zero-to-null')).toBeNull();
});

test('a number in a text is a number, digit by digit; another text stays, to be quarantined', () => {
  const text = (value: string) =>
    JSON.stringify(cleanOf({ name: 'c', type: 'super', clean: ['parse-number'] })?.(value));
  expect(['39', '-1.5e3', '12345678901234567890', '1.0', '246.30812'].map(text)).toEqual([
    '39',
    '-1.5e3',
    '12345678901234567890',
    '1.0',
    '246.30812',
  ]);
  expect(['', ' 39', '039', '0x1', 'NaN', '1,5'].map(text)).toEqual([
    '""',
    '" 39"',
    '"039"',
    '"0x1"',
    '"NaN"',
    '"1,5"',
  ]);
});

test('milliseconds since 1970 are a time in UTC, none lost, also written as a decimal', () => {
  expect(cleaned(1542837407796, 'epoch-milliseconds')).toBe('2018-11-21 21:56:47.796');
  expect(cleaned(parseExact('1540919166796.0'), 'epoch-milliseconds')).toBe('2018-10-30 17:06:06.796');
  expect(cleaned(-1, 'epoch-milliseconds')).toBe('1969-12-31 23:59:59.999');
});

test('whatever times follow each other in a column, each is written as a Date has it', () => {
  const near = fc.integer({ min: -3 * 86_400_000, max: 3 * 86_400_000 });
  const ever = fc.integer({ min: -8.64e15, max: 8.64e15 });
  fc.assert(
    fc.property(fc.array(fc.oneof(near, ever)), (times) => {
      const clean = cleanOf({ name: 'c', type: 'timestamp', clean: ['epoch-milliseconds'] });
      expect(times.map((time) => clean?.(time))).toEqual(
        times.map((time) => new Date(time).toISOString().replace('T', ' ').replace('Z', '')),
      );
    }),
  );
});

test('what is no such number stays', () => {
  for (const value of [1.5, 8.64e15 + 1, '1542837407796', null]) {
    expect(cleaned(value, 'epoch-milliseconds')).toBe(value);
  }
});

test('a map replaces the texts that it names, and finds no others', () => {
  const poor = { map: { free: 'poor', none: null } };
  expect(['free', 'none', 'paid', 'toString', 1].map((value) => cleaned(value, poor))).toEqual([
    'poor',
    null,
    'paid',
    'toString',
    1,
  ]);
});

test('cleaners follow each other in their order', () => {
  expect(cleaned('0', 'empty-to-null', 'parse-number', 'zero-to-null')).toBeNull();
});

describe('text whose UTF-8 was read as Latin-1', () => {
  const misread = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

  test('is repaired, however often it was misread', () => {
    expect(repairEncoding('CafÃ© Tacuba')).toBe('Café Tacuba');
    expect(repairEncoding('BjÃ\u0083Â¶rk')).toBe('Björk');
    expect(repairEncoding('De SÃ\u0083Â£o Paulo Ã\u0083Â\u00a0 BelÃ\u0083Â©m')).toBe('De São Paulo à Belém');
  });

  test('is told from text that is right', () => {
    for (const text of ['', 'plain', '¿Dónde va Chichi?', 'Clementina Santafè', 'Caballé', '東京', 'Café → 東京']) {
      expect(repairEncoding(text)).toBe(text);
      expect(repairEncoding(misread(misread(text)))).toBe(text);
    }
  });

  test('comes back whatever it was, where it was not misreadable itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), fc.integer({ min: 1, max: 3 }), (text, times) => {
        fc.pre(text.isWellFormed() && repairEncoding(text) === text);
        const broken = Array.from({ length: times }).reduce((of: string) => misread(of), text);
        expect(repairEncoding(broken)).toBe(text);
      }),
    );
  });
});

const LOGS = join(import.meta.dirname, '../../../../shared/data/songs/log_data');
const recorded = (() => {
  try {
    return readdirSync(LOGS).map((name) => readFileSync(join(LOGS, name), 'utf8'));
  } catch {
    return undefined;
  }
})();

test.skipIf(!recorded)(
  'of two weeks of recorded events (../shared/data/songs) 105 were misread, and none stays so',
  () => {
    const records = (recorded ?? []).flatMap((text) => text.split(/\r?\n/).filter((line) => line !== ''));
    const repaired = records.filter((line) => {
      const values = Object.values(JSON.parse(line)).filter((value) => typeof value === 'string');
      return values.some((value) => repairEncoding(value) !== value);
    });
    expect(records).toHaveLength(3041);
    expect(repaired).toHaveLength(105);
  },
);
