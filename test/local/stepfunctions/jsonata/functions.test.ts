import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hash, partition, random, range } from '#local/stepfunctions/jsonata/functions.ts';
import { run } from '../../../worlds/local/run-machine.ts';

const output = async (expression: string, input: unknown = {}) =>
  (await run({ A: { Type: 'Pass', Output: `{% ${expression} %}`, End: true } }, { input })).output;

const cause = async (expression: string) =>
  (await run({ A: { Type: 'Pass', Output: `{% ${expression} %}`, End: true } })).cause;

test('$partition cuts a list into full chunks and a rest, losing and moving nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 20 }), (items, size) => {
      const chunks = partition(items, size);
      expect(chunks.flat()).toEqual(items);
      expect(chunks.slice(0, -1).every((chunk) => chunk.length === size)).toBe(true);
      expect(chunks.every((chunk) => chunk.length > 0 && chunk.length <= size)).toBe(true);
    }),
  );
});

test('$range counts from the first number in steps and does not pass the last', () => {
  const step = fc.integer({ min: -50, max: 50 }).filter((n) => n !== 0);
  fc.assert(
    fc.property(fc.integer({ min: -500, max: 500 }), fc.nat(900), step, (first, distance, by) => {
      const last = first + Math.sign(by) * distance;
      const expected: number[] = [];
      for (let n = first; by > 0 ? n <= last : n >= last; n += by) expected.push(n);
      expect([...range(first, last, by)]).toEqual(expected);
    }),
  );
});

test('$hash is the hexadecimal digest; what is not a text is hashed as JSON', () => {
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  expect(hash('abc', 'SHA-256')).toBe(sha('abc'));
  expect(hash({ a: [1] }, 'SHA-256')).toBe(sha('{"a":[1]}'));
  expect(hash('input data', 'SHA-1')).toBe('aaff4a450a104cd177d28d18d74485e8cae074b7');
  expect(hash('', 'MD5')).toBe('d41d8cd98f00b204e9800998ecf8427e');
  expect(hash('', 'SHA-384')).toHaveLength(96);
  expect(hash('', 'SHA-512')).toHaveLength(128);
});

test('$random lies in [0, 1) and repeats for one seed', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      expect(random(seed)).toBe(random(seed));
      expect(random(seed)).toBeGreaterThanOrEqual(0);
      expect(random(seed)).toBeLessThan(1);
    }),
  );
  expect(random(1)).not.toBe(random(2));
  expect(random()).toBeLessThan(1);
});

test('expressions call them by name', async () => {
  expect(await output('$partition([1,2,3], 2)')).toEqual([[1, 2], [3]]);
  expect(await output('$range(1, 9, 2)')).toEqual([1, 3, 5, 7, 9]);
  expect(await output('$range(1, 1, 5)')).toBe(1);
  expect(await output('$hash("", "MD5")')).toBe('d41d8cd98f00b204e9800998ecf8427e');
  expect(await output('$random(42) = $random(42)')).toBe(true);
  expect(await output('$random() < 1')).toBe(true);
  expect(await output('$uuid()')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(await output(`$parse($states.input)`, '{"a":[1]}')).toEqual({ a: [1] });
});

test.each([
  ['$partition([1], 0)', 'chunk size'],
  ['$range(0, 1, 0)', 'a step other than 0'],
  ['$range(0, 1000, 1)', 'at most 1000 items'],
  ['$hash("a", "CRC")', "found 'CRC'"],
  ['$parse("{")', 'JSON'],
  ['$partition("no number", "2")', 'T0410'],
  ['$eval("1")', 'T1006: Attempted to invoke a non-function'],
])('%s fails the query', async (expression, message) => {
  expect(await cause(expression)).toContain(message);
});

test('a missing argument gives a missing result, as in all of JSONata', async () => {
  expect(await cause('$parse($states.input.missing)')).toContain('returned nothing (undefined).');
});

test("$now and $millis tell the clock's time", async () => {
  const result = await run({
    W: { Type: 'Wait', Seconds: 60, Next: 'A' },
    A: { Type: 'Pass', Output: '{% [$now(), $now("[Y]-[M]"), $millis()] %}', End: true },
  });
  expect(result.output).toEqual(['2026-01-01T00:01:00.000Z', '2026-1', Date.UTC(2026, 0, 1, 0, 1)]);
});
