import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isWholeObject, valueAt } from '#lambdas/lake/formats/json-value.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const at = (text: string, ...path: string[]) => {
  const found = valueAt(bytesOf(text), path);
  return found && new TextDecoder().decode(found);
};

test('a value keeps the bytes that stand there', () => {
  expect(at('{"a": {"b" : [1.0, 12345678901234567890] , "c":2}}', 'a', 'b')).toBe('[1.0, 12345678901234567890]');
  expect(at('{"x":"}],\\"", "a":[{"b":"]"}]}', 'a')).toBe('[{"b":"]"}]');
  expect(at('{"\\u0061":true}', 'a')).toBe('true');
  expect(at('{"a":1,"a":2}', 'a')).toBe('2');
});

test('where there is no such field, or no object, there is nothing', () => {
  for (const text of ['{}', '[]', '[{"a":1}]', '1', '', '{"b":1}', '{"a"', '"a"'])
    expect(at(text, 'a')).toBeUndefined();
});

test('what JSON.parse finds at a path is what stands there, however it is written', () => {
  const spaced = (value: object, indent: number) => JSON.stringify(value, null, indent);
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3), (object, indent) => {
      const text = spaced({ outer: object }, indent);
      for (const [name, value] of Object.entries(object)) {
        const found = at(text, 'outer', name);
        expect(found && JSON.parse(found)).toEqual(JSON.parse(JSON.stringify(value)));
      }
    }),
  );
});

test('a byte order mark before the document is none of it', () => {
  expect(at('\ufeff {"a":1}', 'a')).toBe('1');
  expect(isWholeObject(bytesOf('\ufeff{"a":1}\n'))).toBe(true);
});

test('an object is whole until it is cut off anywhere, or goes on', () => {
  const spaced = fc.tuple(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3));
  fc.assert(
    fc.property(spaced, fc.nat(), ([object, indent], cut) => {
      const bytes = bytesOf(JSON.stringify(object, null, indent));
      expect(isWholeObject(bytes)).toBe(true);
      expect(isWholeObject(bytes.subarray(0, cut % bytes.length))).toBe(false);
      expect(isWholeObject(Buffer.concat([bytes, bytesOf(' {}')]))).toBe(false);
    }),
  );
});
