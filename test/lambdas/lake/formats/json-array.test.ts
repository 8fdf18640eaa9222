import fc from 'fast-check';
import { expect, test } from 'vitest';
import { records } from '#lambdas/lake/formats/json-array.ts';

const split = (text: string) => records(text, 'the answer of http://x');

test('the elements of an array are its records, as they are written there', () => {
  expect(split('[ {"a": 1.0}, {"b" :[1,{"c":"],\\"[{"}]} ]')).toEqual(['{"a": 1.0}', '{"b" :[1,{"c":"],\\"[{"}]}']);
});

test('an empty array has no records', () => {
  expect(split('[]')).toEqual([]);
  expect(split(' [ \n ] ')).toEqual([]);
});

test('a record that is written over several lines becomes one', () => {
  expect(split('[{\r\n  "a": 1,\n  "b": "x\\ny"\n}]')).toEqual(['{  "a": 1,  "b": "x\\ny"}']);
});

test('splitting any array gives texts that parse to its elements, one line each', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 1, '\t'), (values, indent) => {
      const found = split(JSON.stringify(values, null, indent));
      expect(found.map((text) => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(values)));
      expect(found.every((text) => !/[\r\n]/.test(text))).toBe(true);
    }),
  );
});

test('splitting a compact array and joining it again gives its text', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), (values) => {
      const text = JSON.stringify(values);
      expect(`[${split(text).join(',')}]`).toBe(text);
    }),
  );
});

test('an array that is cut off anywhere is an error that may pass, never fewer records', () => {
  const text = '[{"a":"b\\"]"},{"c":[1]}]';
  for (let end = 0; end < text.length; end++) {
    expect(() => split(text.slice(0, end))).toThrow(expect.objectContaining({ name: 'Sluice.Transient' }));
  }
});

test('a text that is no array is an error that shows how it begins', () => {
  expect(() => split('<html>502</html>')).toThrow(/the answer of http:\/\/x: it is no JSON array.*<html>502/);
  expect(() => split('[1] [2]')).toThrow(/goes on after the array/);
});
