import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isBehind } from '#lambdas/sources/rest/increment.ts';

const START = '2026-11-19T00:00:00Z';
const record = (text: string) => new TextEncoder().encode(text);
const behind = (...records: string[]) => isBehind('a.at', START, records.map(record));

test('a list is behind an instant with a page whose last record is', () => {
  expect(behind('{"a":{"at":"2026-11-18T23:59:59Z"}}', '{"a":{"at":"2026-11-19T00:00:00Z"}}')).toBe(false);
  expect(behind('{"a":{"at":"2026-11-19T00:00:00Z"}}', '{"a":{"at":"2026-11-18"}}')).toBe(true);
  expect(behind()).toBe(false);
});

test('a record that is no JSON says nothing of the list: the one before it does', () => {
  expect(behind('{"a":{"at":"2026-11-18T00:00:00Z"}}', '{"a":{"at":tru}}')).toBe(true);
  expect(behind('{"a":{"at":"2026-11-20T00:00:00Z"}}', '{')).toBe(false);
  expect(behind('{')).toBe(false);
});

test('what is no time of ISO 8601 ends no list, however much it looks like a date to JavaScript', () => {
  const value = fc.oneof(
    fc.constantFrom('Room 5', '12', 'version 2020', 'May', '1/2/3', '', '2026'),
    fc.string(),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(value, (at) => {
      expect(() => behind(JSON.stringify({ a: { at } }))).toThrow("has no time of ISO 8601 in 'a.at'");
    }),
  );
});
