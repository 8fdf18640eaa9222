import fc from 'fast-check';
import { expect, test } from 'vitest';
import { elementsOf, jsonArray } from '#lambdas/lake/formats/json-array.ts';
import { inChunks, splitBy } from '../../../worlds/chunks.ts';

const split = (body: string) =>
  elementsOf(Buffer.from(body), 'the answer of http://x').map((element) => Buffer.from(element).toString());

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

/** What may stand between the quotes of a string, also where that makes it no JSON: any bytes, of which a quote and a backslash are escaped. */
const stringOfBytes = fc
  .uint8Array({ maxLength: 20 })
  .map((bytes) =>
    Buffer.concat([...bytes].map((byte) => Buffer.from([0x22, 0x5c].includes(byte) ? [0x5c, byte] : [byte]))),
  )
  .map((inner) => Buffer.concat([Buffer.from('{"a":"'), inner, Buffer.from('"}')]));

test('the bytes inside strings stay, whatever they are and wherever a chunk ends', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(stringOfBytes, { minLength: 1 }), inChunks, async (records, cut) => {
      const between = records.flatMap((record, place) => [Buffer.from(place === 0 ? '[\r\n ' : ' ,\n'), record]);
      const body = Buffer.concat([...between, Buffer.from('\t]\n')]);
      expect(elementsOf(body, 'x').map((element) => Buffer.from(element))).toEqual(records);
      expect(await splitBy(jsonArray, cut(body))).toEqual(records);
    }),
  );
});

test('a mark of the byte order before the array is no part of it', () => {
  expect(split('\ufeff[{"a":"\ufeff"}]')).toEqual(['{"a":"\ufeff"}']);
});

test('an array that is cut off anywhere is an error that may pass, never fewer records', async () => {
  const text = '[{"a":"b\\"]"},{"c":[1]}]';
  for (let end = 0; end < text.length; end++) {
    expect(() => split(text.slice(0, end))).toThrow(expect.objectContaining({ name: 'Sluice.Transient' }));
    const streamed = splitBy(jsonArray, [Buffer.from(text.slice(0, end))]);
    await expect(streamed).rejects.toMatchObject({ name: 'Sluice.Transient' });
  }
});

test('a text that is no array is an error that shows how it begins', () => {
  expect(() => split('<html>502</html>')).toThrow(/the answer of http:\/\/x: it is no JSON array.*<html>502/);
  expect(() => split('[1] [2]')).toThrow(/goes on after the array/);
  expect(() => split('[{"a":1}}')).toThrow(/closes an object that it did not open, after 0 whole records/);
});
