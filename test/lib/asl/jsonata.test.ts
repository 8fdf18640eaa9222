import * as fc from 'fast-check';
import jsonata from 'jsonata';
import { expect, test } from 'vitest';
import { literal, template } from '#lib/asl/jsonata.ts';

const OUTPUT = { rows: 3, one: ['a'], none: [], many: ['a', 'b'], null: 'kept', 'odd `key`': 'odd', nested: { or: 1 } };
const read = (root: string) => `$${root}`;

/** As Step Functions does it: strings in `{% … %}` are evaluated, everything else is as it is. */
async function evaluate(value: unknown): Promise<unknown> {
  if (typeof value === 'string' && value.startsWith('{%') && value.endsWith('%}')) {
    const result = await jsonata(value.slice(2, -2)).evaluate(undefined, { o: OUTPUT });
    return result === undefined ? undefined : JSON.parse(JSON.stringify(result));
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Promise.all(value.map(evaluate));
  const fields = Object.entries(value).map(async ([key, field]) => [key, await evaluate(field)]);
  return Object.fromEntries(await Promise.all(fields));
}

const evaluated = (value: unknown) => evaluate(template(value, read));
const o = (...path: string[]) => ({ $ref: ['o', ...path] });

test('a reference gives the output, or its field, as it is', async () => {
  expect(await evaluated({ a: o() })).toEqual({ a: OUTPUT });
  expect(await evaluated({ a: o('rows'), b: [o('nested', 'or')] })).toEqual({ a: 3, b: [1] });
});

test('lists stay lists, of one item and of none too', async () => {
  expect(await evaluated({ one: o('one'), none: o('none'), many: o('many') })).toEqual({
    one: ['a'],
    none: [],
    many: ['a', 'b'],
  });
  expect(await evaluated([o('one'), o('none'), o('many'), o('rows'), [o('one')]])).toEqual([
    ['a'],
    [],
    ['a', 'b'],
    3,
    [['a']],
  ]);
});

test('what a reference does not find is absent from an object, null in a list, and nothing in a text', async () => {
  expect(await evaluated({ a: o('gone', 'deeper'), b: 1 })).toEqual({ b: 1 });
  expect(await evaluated([o('gone'), 1])).toEqual([null, 1]);
  expect(await evaluated({ a: { $text: ['<', o('gone'), '>'] } })).toEqual({ a: '<>' });
});

test('fields whose names are words or signs of JSONata are found', async () => {
  expect(await evaluated({ a: o('null'), b: o('odd `key`'), c: o('nested', 'or') })).toEqual({
    a: 'kept',
    b: 'odd',
    c: 1,
  });
});

test('a text joins its parts', async () => {
  expect(await evaluated({ $text: [o('rows'), ' rows "of" ', o('null'), ' 100 %}'] })).toBe('3 rows "of" kept 100 %}');
  expect(await evaluated({ $text: [] })).toBe('');
});

test('a text of one reference alone is a string too, and empty where it finds nothing', async () => {
  expect(await evaluated({ $text: [o('rows')] })).toBe('3');
  expect(await evaluated({ a: { $text: [o('gone')] } })).toEqual({ a: '' });
});

test('an input without references is left as plain JSON', () => {
  const value = { connection: { type: 'github', connection: 'gh' }, query: { state: 'all' }, list: [1, null, true] };
  expect(template(value, read)).toEqual(value);
});

/**
 * No zero below zero, which JSON.stringify writes as zero. No field `__proto__`: JSONata is written in JavaScript, and
 * assigns it, which sets no field.
 */
const json = fc
  .json({ maxDepth: 4 })
  .filter((text) => !text.includes('"__proto__":'))
  .map((text): unknown => JSON.parse(text, (_key, value) => (Object.is(value, -0) ? 0 : value)));
const hostile = fc.constantFrom('{% $o %}', '{%', '%}', '"', "'", '\\', '\u2028', '$states', '/*', '\ud83d\ude00', '`');

test('any literal, quotes and {% included, comes out as it went in, alone and beside a reference', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(json, hostile, fc.array(hostile)), async (value) => {
      expect(await evaluated({ value })).toEqual({ value });
      expect(await evaluated({ value, ref: o('rows') })).toEqual({ value, ref: 3 });
    }),
    { numRuns: 300 },
  );
});

test('no literal has a sign that ends the expression around it', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), hostile), (value) => !literal(value).includes('%')));
});
