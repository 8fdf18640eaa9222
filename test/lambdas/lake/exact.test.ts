import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactNumber, parseExact } from '#lambdas/lake/exact.ts';

const numberText = fc.stringMatching(/^-?(0|[1-9]\d{0,25})(\.\d{1,10})?([eE][+-]?\d{1,2})?$/);

test.each(['12345678901234567890', '1.0', '-0', '-0.0', '1e2', '1E+2', '9007199254740993', '0.1', '1540919166796.0'])(
  'the number %s keeps its text wherever it stands',
  (text) => {
    for (const json of [text, `[${text}]`, `{"a":${text}}`, `{"a":{"b":[1,${text}]}}`]) {
      expect(JSON.stringify(parseExact(json))).toBe(json);
    }
  },
);

test('every number keeps its text', () => {
  fc.assert(
    fc.property(fc.array(numberText), (numbers) => {
      const json = `{"a":[${numbers.join(',')}],"b":"[1.0"}`;
      expect(JSON.stringify(parseExact(json))).toBe(json);
    }),
  );
});

test('what needs no care is parsed as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value);
      expect(JSON.stringify(parseExact(json))).toBe(JSON.stringify(JSON.parse(json)));
    }),
  );
});

test('numbers that survive are plain numbers', () => {
  expect(parseExact('{"id":9007199254740991,"x":0.5}')).toEqual({ id: 9007199254740991, x: 0.5 });
});

test('a text that is one number is read as in a document', () => {
  fc.assert(
    fc.property(numberText, (text) => {
      expect(exactNumber(text)).toEqual(parseExact(text));
    }),
  );
  expect(JSON.stringify(exactNumber('1e400'))).toBe('1e400');
});
