import { expect, test } from 'vitest';
import { matches, transformed } from '../../../scripts/conformance/compare.ts';

test.each([
  [{ a: [1, null] }, { a: [1, null] }],
  ['date', '2026-01-01'],
  [{ at: 'timestamp' }, { at: 1 }],
  ['arn:<account>:function', 'arn:000000000000:function'],
  ['{"a": 1}', '{"a":1}'],
  [{ a: 1 }, '{"a":1}'],
  ['{"id":"<uuid:1>","n":1}', '{"id":"x","n":1}'],
  [undefined, undefined],
])('%j is matched by %j', (recorded, actual) => {
  expect(matches(recorded, actual)).toBe(true);
});

test.each([
  [{ a: 1 }, { a: 1, b: 2 }],
  [{ a: 1, b: undefined }, { a: 1 }],
  [
    [1, 2],
    [2, 1],
  ],
  [[1], [1, 2]],
  [0, false],
  [null, undefined],
  ['arn:<account>:function', 'arn:000000000000:table'],
  ['{"id":"<uuid:1>","n":1}', '{"id":"x","n":2}'],
  ['a', 'b'],
])('%j is not matched by %j', (recorded, actual) => {
  expect(matches(recorded, actual)).toBe(false);
});

test('the replacements of a recording are made in texts and under names', () => {
  const replaced = transformed({ arn: 'x:role-1', deep: [{ token: 'abc' }] }, [
    { regex: 'role-\\d', replacement: 'role' },
    { jsonpath: '$..token', replacement: '<token>' },
  ]);
  expect(replaced).toEqual({ arn: 'x:role', deep: [{ token: '<token>' }] });
});
