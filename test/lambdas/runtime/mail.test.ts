import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { subjectOf } from '#lambdas/runtime/mail.ts';

test('a subject is one line of less than 100 ASCII characters, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(subjectOf(text)).toMatch(/^(?:[!-~](?:[ -~]{0,98}))?$/);
    }),
  );
});

test('a text that SNS would take stays as it is; other characters are one question mark each', () => {
  expect(subjectOf('Report of 2026-11-19: 3 rows (all)')).toBe('Report of 2026-11-19: 3 rows (all)');
  expect(subjectOf(' Zürich\n 🎉 ')).toBe('Z?rich ?');
});
